import CJWT
import Crypto
import Glibc

/// Issues RS256 tokens by libjwt.
public struct TokenSigner: Sendable {
    public let keyID: String
    public let publicKey: RSA.PublicKey
    private let pem: [UInt8]

    public init(key: RSA.PrivateKey, keyID: String) throws {
        self.keyID = keyID
        publicKey = key.publicKey
        pem = Array(try key.pem.utf8)
    }

    /// - Parameter claims: one JSON object.
    /// - Throws: `TokenSigningError` with libjwt's error number.
    public func sign(_ claims: [UInt8]) throws -> String {
        var token: OpaquePointer?
        try check(jwt_new(&token))
        defer { jwt_free(token) }
        try check(jwt_add_grants_json(token, String(decoding: claims, as: UTF8.self)))
        try check(jwt_set_alg(token, JWT_ALG_RS256, pem, Int32(pem.count)))
        try check(jwt_add_header(token, "kid", keyID))
        guard let text = jwt_encode_str(token) else { throw TokenSigningError(code: errno) }
        defer { free(text) }
        return String(cString: text)
    }

    private func check(_ code: Int32) throws {
        if code != 0 { throw TokenSigningError(code: code) }
    }
}

public struct TokenSigningError: Error {
    public let code: Int32
}
