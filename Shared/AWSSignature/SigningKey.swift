import Bytes
import Crypto

/// A key derived for one scope: what a verifier keeps instead of the secret.
///
/// [Reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html)
public final class SigningKey: Sendable {
    private enum Kind: Sendable {
        case hmac(HMACKey<SHA256>)
        case ecdsa(P256.PublicKey)
    }
    private let kind: Kind
    /// What `init(bytes:)` makes the same key of: 32 bytes for SigV4, a point of 65 bytes for SigV4A.
    public let bytes: [UInt8]

    /// - Throws: `CryptoError.malformed` for bytes that no key wrote.
    public init(bytes: [UInt8]) throws {
        self.bytes = bytes
        switch bytes.count {
        case 32: kind = .hmac(HMACKey(bytes))
        case 65: kind = .ecdsa(try P256.PublicKey(point: bytes))
        default: throw CryptoError.malformed
        }
    }

    private init(hmacKey bytes: [UInt8]) {
        self.bytes = bytes
        kind = .hmac(HMACKey(bytes))
    }

    /// SigV4's key: date, region, service and terminator hashed one into another.
    public static func derive(secret: String, scope: CredentialScope) -> SigningKey {
        let date = HMAC.sha256(key: Array("AWS4\(secret)".utf8), scope.date)
        let region = HMAC.sha256(key: date, scope.region)
        let service = HMAC.sha256(key: region, scope.service)
        return SigningKey(hmacKey: HMAC.sha256(key: service, CredentialScope.terminator))
    }

    public static func derive(secret: String, date: String, region: String, service: String) -> SigningKey {
        derive(secret: secret, scope: CredentialScope(date: date, region: region, service: service))
    }

    /// SigV4A's public key, which depends on the access key alone (NIST SP 800-108 in counter mode).
    public static func deriveAsymmetric(secret: String, accessKeyID: String) throws -> SigningKey {
        let key = HMACKey<SHA256>(Array("AWS4A\(secret)".utf8))
        let label = [0, 0, 0, 1] + Array(SigningAlgorithm.ecdsa.rawValue.utf8) + [0] + Array(accessKeyID.utf8)
        for counter in UInt8(1)...254 {
            let candidate = BigNumber(bytes: key.authenticate(label + [counter, 0, 0, 1, 0]))
            // Accepted up to the curve's order minus two, so that adding one stays a private scalar.
            guard candidate <= orderMinusTwo else { continue }
            return try SigningKey(bytes: P256.PublicKey(privateScalar: candidate + BigNumber(1)).point)
        }
        throw CryptoError.failed(operation: "derive SigV4A key")
    }

    private static let orderMinusTwo = BigNumber(
        bytes: [
            0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x4f,
        ])

    /// Lower-case hexadecimal; `nil` for a public key, which only verifies.
    func sign(_ stringToSign: [UInt8]) -> [UInt8]? {
        guard case .hmac(let key) = kind else { return nil }
        return key.hex(authenticating: stringToSign)
    }

    func isValid(_ signature: String, of stringToSign: [UInt8], algorithm: SigningAlgorithm) -> Bool {
        switch (kind, algorithm) {
        case (.hmac(let key), .hmac):
            return ConstantTime.equal(key.hex(authenticating: stringToSign), Array(signature.utf8))
        case (.ecdsa(let key), .ecdsa):
            guard let signature = Hex.decode(signature.utf8) else { return false }
            return key.isValid(signature, of: stringToSign)
        default: return false
        }
    }
}
