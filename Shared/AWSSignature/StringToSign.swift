import Bytes
import Crypto
import Time

/// The text a signature is made over.
enum StringToSign {
    static func request(
        algorithm: SigningAlgorithm, date: Timestamp, scope: CredentialScope, canonical: [UInt8]
    ) -> [UInt8] {
        var out = lines(algorithm.rawValue, date, scope)
        SHA256.appendHex(of: canonical, to: &out)
        return out
    }

    /// - Parameter digest: of the chunk's bytes.
    static func chunk(
        algorithm: SigningAlgorithm, date: Timestamp, scope: CredentialScope, previous: String, digest: [UInt8]
    ) -> [UInt8] {
        lines("\(algorithm.rawValue)-PAYLOAD", date, scope) + Array(previous.utf8) + [.newline]
            + Hex.encode(SHA256.hash([])) + [.newline] + Hex.encode(digest)
    }

    /// - Parameter trailers: `name:value\n` each, in the order they were sent.
    static func trailer(
        algorithm: SigningAlgorithm, date: Timestamp, scope: CredentialScope, previous: String, trailers: [UInt8]
    ) -> [UInt8] {
        lines("\(algorithm.rawValue)-TRAILER", date, scope) + Array(previous.utf8) + [.newline]
            + Hex.encode(SHA256.hash(trailers))
    }

    private static func lines(_ first: String, _ date: Timestamp, _ scope: CredentialScope) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        out.append(contentsOf: first.utf8)
        out.append(.newline)
        out.append(contentsOf: date.iso8601Basic.utf8)
        out.append(.newline)
        scope.append(to: &out)
        out.append(.newline)
        return out
    }
}
