import AWSSignature
import Compression
import HTTP
import HTTPTypes
import ServiceKit
import Synchronization

/// A request's body: read whole for most operations, passed on as it arrives for those with a streaming input.
struct RequestBody: Sendable {
    /// The bus carries inputs up to 32 MiB; binary data grows by a third on the way.
    static let limit = 24 << 20
    /// What travels in one message costs less than a stream of it.
    private static let shortLength = 64 << 10
    /// What a slow socket gives at once is little; an owner that stores megabytes likes them in larger pieces.
    private static let pieceLength = 256 << 10

    /// The whole body, once collected, as it was sent.
    private(set) var bytes: [UInt8]?
    /// What a compressed body says.
    private var expanded: [UInt8]?
    private var stream: ByteStream?
    private let source: ByteStream
    private let fault = StreamFault()

    init(_ request: HTTPRequest) { source = request.body }

    /// Reads the body to its end; `nil` where it is longer than the limit.
    @discardableResult
    mutating func collect(upTo limit: Int = RequestBody.limit) async throws -> [UInt8]? {
        if let bytes { return bytes.count > limit ? nil : bytes }
        if source.length == 0 {
            bytes = []
            return bytes
        }
        do {
            bytes = try await source.collect(upTo: limit)
        } catch ByteStreamError.tooLong {
            return nil
        }
        return bytes
    }

    /// Holds what was not read yet against its digest, and takes `aws-chunked` framing away.
    mutating func verify(as identity: Identity, _ head: RequestHead) throws(SignatureError) {
        guard bytes == nil || RequestBody.isChunked(head) else { return }
        let raw = bytes.map { ByteStream($0) } ?? source
        let verified = try VerifiedBody.stream(
            raw, of: identity.signed == nil ? RequestBody.unsigned(head) : head, signed: identity.signed,
            key: identity.key)
        stream = fault.recording(verified)
    }

    /// Takes a short payload in whole, once it is known whose it is: it then goes in one message with its request.
    /// A client that waits for `100 Continue` sends it when the owner asks for it, not before it is let in.
    mutating func collectShortPayload(_ head: RequestHead) async throws {
        guard let length = source.length, length <= RequestBody.shortLength, !head.fields.contains("Expect") else {
            return
        }
        if let stream {
            bytes = try await stream.collect(upTo: RequestBody.shortLength)
            self.stream = nil
        } else {
            try await collect()
        }
    }

    /// Expands a body whose sender is known by now.
    mutating func expand(_ coding: ContentCoding, upTo limit: Int) throws {
        expanded = try CompressedInput.expand(bytes ?? [], coding, upTo: limit)
    }

    /// The input's bytes, without framing.
    func input() async throws -> [UInt8] {
        if let expanded { return expanded }
        guard let bytes else { return [] }
        guard let stream else { return bytes }
        return try await stream.collect(upTo: RequestBody.limit)
    }

    /// What goes beside the JSON of an operation with a streaming input.
    var payload: ByteStream? {
        if let stream { return stream.gathered(into: RequestBody.pieceLength) }
        return bytes.map { ByteStream($0) }
    }

    /// What was wrong with a body that its owner could not read to the end.
    var signatureFault: SignatureError? { fault.error }

    static func isChunked(_ head: RequestHead) -> Bool {
        head.fields["X-Amz-Content-Sha256"]?.hasPrefix("STREAMING-") ?? false
    }

    /// Where nobody's signature is verified, chunks are read without theirs.
    private static func unsigned(_ head: RequestHead) -> RequestHead {
        guard isChunked(head) else { return head }
        var head = head
        head.fields["X-Amz-Content-Sha256"] = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        return head
    }
}

/// Remembers why a stream failed: on the bus it only breaks off.
private final class StreamFault: Sendable {
    private let state = Mutex<SignatureError?>(nil)

    var error: SignatureError? { state.withLock { $0 } }

    func recording(_ stream: ByteStream) -> ByteStream {
        ByteStream(length: stream.length) { [self] in
            do {
                return try await stream.next()
            } catch {
                if let error = error as? SignatureError { state.withLock { $0 = error } }
                throw error
            }
        }
    }
}
