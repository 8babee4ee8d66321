import Bus
import ServiceKit
import Synchronization
import TestSupport

/// A bucket at the bus address of S3, for imports to read.
final class BucketNeighbour: Sendable {
    private struct State {
        var objects: [String: [UInt8]]
        /// How many bytes the next object sends before its stream waits to be broken.
        var breakAfter: Int?
        var refusal: ServiceError?
        var principals: Set<String> = []
    }

    private struct Broken: Error {}

    private static let pageSize = 2
    private static let pieceSize = 1000

    private let state: Mutex<State>
    private let breaking = AsyncStream<Void>.makeStream()

    init(_ objects: [String: [UInt8]]) { state = Mutex(State(objects: objects)) }

    convenience init(_ objects: [String: String]) { self.init(objects.mapValues { Array($0.utf8) }) }

    /// Who has read from it.
    var principals: Set<String> { state.withLock { $0.principals } }

    /// The next object stops after so many bytes, until `breakNow`.
    func pauseOnce(after bytes: Int) { state.withLock { $0.breakAfter = bytes } }
    func breakNow() { breaking.continuation.finish() }

    func refuse(with error: ServiceError?) { state.withLock { $0.refusal = error } }
    func put(_ text: String, at key: String) { state.withLock { $0.objects[key] = Array(text.utf8) } }

    func serve(beside host: TestHost) throws {
        let address = LocalRoutes.callAddress(of: "objects", in: host.host.configuration.runDirectory)
        let server = BusServer(bind: [address]) { [self] request in
            do {
                return try answer(request)
            } catch let error as ServiceError {
                return BusReply(status: UInt32(error.status), isError: true, body: error.encoded)
            } catch {
                return BusReply(status: 500, isError: true, body: ServiceError.internalFailure.encoded)
            }
        }
        try server.start()
        host.host.atClose { await server.drain(within: .seconds(1)) }
    }

    private func answer(_ request: BusRequest) throws -> BusReply {
        let input = try JSONDocument(request.body).root
        let caller = try Caller(json: JSONDocument(request.caller).root)
        return try state.withLock { state in
            state.principals.insert(caller.arn)
            if let refusal = state.refusal { throw refusal }
            return request.operation == "GetObject"
                ? try object(input, &state) : Self.listing(input, of: state.objects)
        }
    }

    private static func listing(_ input: JSONValue, of objects: [String: [UInt8]]) -> BusReply {
        let (prefix, after) = (input["Prefix"]?.string ?? "", input["StartAfter"]?.string ?? "")
        let keys = objects.keys.sorted().filter { $0.hasPrefix(prefix) && $0 > after }.prefix(pageSize)
        var json = JSONWriter()
        json.object { json in
            json.name("Contents")
            json.array { json in
                for key in keys {
                    let bytes = objects[key] ?? []
                    json.object { json in
                        json.member("Key", key)
                        json.member("Size", bytes.count)
                        json.member("ETag", etag(of: bytes))
                    }
                }
            }
        }
        return BusReply(body: json.bytes)
    }

    private func object(_ input: JSONValue, _ state: inout State) throws -> BusReply {
        guard let bytes = state.objects[input["Key"]?.string ?? ""] else {
            throw ServiceError("NoSuchKey", "The specified key does not exist.", status: 404)
        }
        guard input["IfMatch"]?.string == Self.etag(of: bytes) else {
            throw ServiceError("PreconditionFailed", "At least one of the preconditions did not hold", status: 412)
        }
        let limit = state.breakAfter ?? bytes.count
        state.breakAfter = nil
        let sent = Mutex(0)
        let stream = ByteStream(length: nil) { [breaking = breaking.stream] in
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
        return BusReply(body: Array("{}".utf8), stream: stream)
    }

    private static func etag(of bytes: [UInt8]) -> String {
        var hasher = Hasher()
        hasher.combine(bytes)
        return "\"\(hasher.finalize())\""
    }
}
