import ServiceKit
import Synchronization

@testable import DynamoDB

/// A bucket for imports to read, that can refuse, change and break.
final class TestBucket: Sendable {
    private struct State {
        var objects: [String: [UInt8]]
        /// How many bytes the next object sends before its stream waits to be broken.
        var pauseAfter: Int?
        var refusal: ServiceError?
        var principals: Set<String> = []
    }

    private struct Broken: Error {}

    private static let pageSize = 2
    private static let pieceSize = 1000

    private let state: Mutex<State>
    private let breaking = AsyncStream<Void>.makeStream()

    init(_ objects: [String: String]) { state = Mutex(State(objects: objects.mapValues { Array($0.utf8) })) }

    /// Who has read from it.
    var principals: Set<String> { state.withLock { $0.principals } }

    /// The next object stops after so many bytes, until `breakNow`.
    func pauseOnce(after bytes: Int) { state.withLock { $0.pauseAfter = bytes } }
    func breakNow() { breaking.continuation.finish() }

    func refuse(with error: ServiceError?) { state.withLock { $0.refusal = error } }
    func put(_ text: String, at key: String) { state.withLock { $0.objects[key] = Array(text.utf8) } }

    /// As the importer sees it for one import.
    func source(of job: TableImport) throws -> any ImportBucket {
        let caller = try Caller(json: JSONDocument(job.caller).root)
        state.withLock { _ = $0.principals.insert(caller.arn) }
        return Source(bucket: self, prefix: job.request.prefix ?? "")
    }

    private struct Source: ImportBucket {
        let bucket: TestBucket
        let prefix: String

        func objects(after key: String?) throws -> [ImportObject] {
            try bucket.state.withLock { state in
                if let refusal = state.refusal { throw refusal }
                let keys = state.objects.keys.sorted().filter { $0.hasPrefix(prefix) && $0 > key ?? "" }
                return keys.prefix(pageSize).map { key in
                    let bytes = state.objects[key] ?? []
                    return ImportObject(key: key, size: Int64(bytes.count), etag: etag(of: bytes))
                }
            }
        }

        func open(_ key: String, etag: String) throws -> ByteStream { try bucket.open(key, etag) }
    }

    private func open(_ key: String, _ etag: String) throws -> ByteStream {
        let (bytes, limit) = try state.withLock { state in
            if let refusal = state.refusal { throw refusal }
            let bytes = state.objects[key] ?? []
            guard etag == Self.etag(of: bytes) else {
                throw ServiceError("PreconditionFailed", "At least one of the preconditions did not hold", status: 412)
            }
            defer { state.pauseAfter = nil }
            return (bytes, state.pauseAfter ?? bytes.count)
        }
        let sent = Mutex(0)
        return ByteStream(length: nil) { [breaking = breaking.stream] in
            let start = sent.withLock { sent in
                defer { sent += Self.pieceSize }
                return sent
            }
            guard start < bytes.count else { return nil }
            guard start < limit else {
                for await _ in breaking {}
                throw Broken()
            }
            return Array(bytes[start..<min(start + Self.pieceSize, bytes.count)])
        }
    }

    private static func etag(of bytes: [UInt8]) -> String {
        var hasher = Hasher()
        hasher.combine(bytes)
        return "\"\(hasher.finalize())\""
    }
}
