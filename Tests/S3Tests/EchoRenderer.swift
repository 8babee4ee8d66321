import ServiceKit
import Synchronization
import TestSupport

/// Thumbnails as `objects` sees it: answers what it was asked and given, where pixels would be. Those are Thumbnails' own
/// tests' affair.
final class EchoRenderer: Sendable {
    private let state = Mutex((calls: 0, isHeld: false))

    var calls: Int { state.withLock { $0.calls } }

    /// Keeps whoever asks waiting until it is let go.
    func hold(_ isHeld: Bool) { state.withLock { $0.isHeld = isHeld } }

    fileprivate func waitUntilLetGo() async {
        while state.withLock({ $0.isHeld }) { await Task.yield() }
    }

    fileprivate func count() { state.withLock { $0.calls += 1 } }

    /// Serves on the bus of the stack in a folder.
    static func with<Result>(_ folder: String, _ body: (EchoRenderer) async throws -> Result) async throws -> Result {
        let renderer = EchoRenderer()
        let service = AWSService.internal("apus.thumbnails", operations: [DeriveImage(renderer: renderer)])
        return try await TestHost.with("thumbnails", folder: folder, { _ in [service] }) { host in
            try host.serve()
            return try await body(renderer)
        }
    }
}

private struct DeriveImage: AWSOperation {
    struct Input: InputShape {
        let width: Int?
        let height: Int?
        let fit: String
        let format: String
        let quality: Int?

        init(_ member: Members) throws {
            width = try member("Width")
            height = try member("Height")
            fit = try member("Fit")
            format = try member("Format")
            quality = try member("Quality")
        }
    }

    struct Output: StreamingOutput {
        let body: ByteStream?
        func write(to json: inout JSONWriter) { json.member("ContentType", "image/test") }
    }

    let renderer: EchoRenderer

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        renderer.count()
        let source = String(decoding: try await call.body?.collect(upTo: 1 << 20) ?? [], as: UTF8.self)
        await renderer.waitUntilLetGo()
        switch source {
        case "broken": throw ServiceError("NotDecoded", "unknown format", status: 422)
        case "heavy": throw ServiceError("LimitExceeded", "too much", status: 422)
        case "busy": throw ServiceError("SlowDown", "Please reduce your request rate.", status: 503)
        default: break
        }
        let numbers = [input.width, input.height, input.quality].map { $0.map(String.init) ?? "-" }
        return Output(
            body: ByteStream(
                Array("\(source) \(numbers.joined(separator: " ")) \(input.fit) \(input.format)".utf8)))
    }
}
