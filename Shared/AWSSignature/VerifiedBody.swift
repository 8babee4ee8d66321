import Bytes
import Crypto
import HTTPTypes
import Synchronization

/// A request's body as its sender meant it: without `aws-chunked` framing, held against what was signed.
public enum VerifiedBody {
    /// Wraps a body; reading it throws a `SignatureError` as soon as it is known not to be what was signed, at the
    /// latest at its end. Bytes already read are provisional until then.
    ///
    /// - Parameters:
    ///   - signed: `nil` for an anonymous request, which may be `aws-chunked` too.
    ///   - key: the key that verified the request's head.
    /// - Throws: `SignatureError` where the head lacks what the body's form needs.
    public static func stream(
        _ body: ByteStream, of head: RequestHead, signed: SignedRequest?, key: SigningKey?
    ) throws(SignatureError) -> ByteStream {
        let payload = if let signed { signed.payload } else { try PayloadDigest(head.fields["X-Amz-Content-Sha256"]) }
        switch payload {
        case .unsigned: return body
        case .ofBody:
            // The signature covers the empty body: only an empty one may follow. Nobody vouched for an anonymous one.
            return signed == nil ? body : hashed(body, stated: Hex.string(SHA256.hash([])))
        case .stated(let hash): return hashed(body, stated: hash)
        case .unsignedChunks: return try chunked(body, of: head, signatures: nil, hasTrailer: true)
        case .signedChunks(let algorithm, let hasTrailer):
            guard let signed, let key, signed.algorithm == algorithm else { throw .missingAuthentication }
            return try chunked(
                body, of: head, signatures: ChunkSignatures(of: signed, key: key), hasTrailer: hasTrailer)
        }
    }

    private static func hashed(_ body: ByteStream, stated: String) -> ByteStream {
        let passed = Passed()
        return ByteStream(length: body.length) {
            if let bytes = try await passed.hash(while: body.next) {
                passed.last.withLock { $0 = bytes }
                return bytes
            }
            let computed = passed.digest
            guard computed == stated else {
                throw SignatureError.payload(.hash(stated: stated, computed: computed))
            }
            return nil
        }
    }

    /// The pieces of a body that were passed on. Each is hashed while the next is on its way.
    private final class Passed: Sendable {
        /// Below, another thread costs more than it saves.
        private static let worthAnotherThread = 64 << 10

        private let hash = Mutex(SHA256())
        /// Not hashed yet.
        let last = Mutex<[UInt8]>([])

        /// A copy is finished, so that reading past the end says the same again.
        var digest: String {
            var whole = hash.withLock { $0 }
            return Hex.string(whole.finalize())
        }

        func hash(while next: @Sendable () async throws -> [UInt8]?) async throws -> [UInt8]? {
            let bytes = last.withLock { last in
                defer { last = [] }
                return last
            }
            guard bytes.count >= Self.worthAnotherThread else {
                hash.withLock { $0.update(bytes) }
                return try await next()
            }
            async let hashed: Void = hash.withLock { $0.update(bytes) }
            let more = try await next()
            await hashed
            return more
        }
    }

    private static func chunked(
        _ body: ByteStream, of head: RequestHead, signatures: ChunkSignatures?, hasTrailer: Bool
    ) throws(SignatureError) -> ByteStream {
        guard let text = head.fields["X-Amz-Decoded-Content-Length"], let length = Int(text), length >= 0 else {
            throw .payload(.decodedLengthMissing)
        }
        let names = (head.fields["X-Amz-Trailer"] ?? "").split { $0 == "," || $0 == " " }.map(String.init)
        let decoder = Mutex(
            ChunkedPayload(
                signatures: signatures, declaredCount: length, trailerNames: hasTrailer ? names : [],
                hasTrailer: hasTrailer))
        return ByteStream(length: length) {
            while let bytes = try await body.next() {
                let plain = try decoder.withLock { try $0.consume(bytes) }
                if !plain.isEmpty { return plain }
            }
            try decoder.withLock { try $0.finish() }
            return nil
        }
    }
}
