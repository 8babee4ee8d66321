import Bytes
import Crypto

/// The chain of chunk signatures, each made over the one before.
struct ChunkSignatures: Sendable {
    private let request: SignedRequest
    private let key: SigningKey
    private var previous: String
    private var expected = ""
    private var digest = SHA256()

    init(of request: SignedRequest, key: SigningKey) {
        self.request = request
        self.key = key
        previous = request.signature
    }

    mutating func begin(expecting signature: String) {
        // SigV4A pads signatures of varying length with asterisks.
        expected = String(signature.prefix { $0 != "*" })
        digest = SHA256()
    }

    mutating func update(_ bytes: ArraySlice<UInt8>) { digest.update(bytes) }

    mutating func end() throws(SignatureError) {
        try verify(
            StringToSign.chunk(
                algorithm: request.algorithm, date: request.date, scope: request.scope, previous: previous,
                digest: digest.finalize()))
    }

    mutating func verifyTrailers(_ trailers: [UInt8], signature: String) throws(SignatureError) {
        expected = String(signature.prefix { $0 != "*" })
        try verify(
            StringToSign.trailer(
                algorithm: request.algorithm, date: request.date, scope: request.scope, previous: previous,
                trailers: trailers))
    }

    private mutating func verify(_ stringToSign: [UInt8]) throws(SignatureError) {
        guard key.isValid(expected, of: stringToSign, algorithm: request.algorithm) else {
            throw request.mismatch(expected, stringToSign: stringToSign)
        }
        previous = expected
    }
}
