import Bytes
import Crypto
import JSON
import Time

/// A JSON Web Token in compact form (RFC 7519, RFC 7515), read but not yet believed.
public struct JSONWebToken: Sendable {
    public let algorithm: String
    public let keyID: String?
    public let claims: JSONValue
    private let signingInput: [UInt8]
    private let signature: [UInt8]

    /// Longer tokens are refused before they are decoded.
    public static let longest = 16_384

    /// - Throws: `TokenError.malformed`
    public init(_ compact: String) throws(TokenError) {
        let text = Array(compact.utf8)
        guard text.count <= JSONWebToken.longest else { throw .malformed }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = JSONWebToken.object(parts[0]), let claims = JSONWebToken.object(parts[1]),
            let signature = Base64.decode(parts[2], .url), let algorithm = head["alg"]?.string
        else { throw .malformed }
        self.algorithm = algorithm
        keyID = head["kid"]?.string
        self.claims = claims
        signingInput = Array(text[..<parts[1].endIndex])
        self.signature = signature
    }

    /// Checks the signature and the time.
    ///
    /// The key is chosen by `kid` and the algorithm is pinned to RS256 before anything is computed: a token that
    /// names another one, HS256 keyed with the public key among them, fails whatever its signature.
    ///
    /// - Throws: `TokenError`
    public func verify(with keys: JSONWebKeySet, at now: Timestamp) throws(TokenError) {
        guard algorithm == "RS256" else { throw .algorithm(algorithm) }
        guard let keyID, let key = keys[keyID] else { throw .unknownKey }
        guard key.isValid(signature, of: signingInput) else { throw .badSignature }
        guard let expiry = claims["exp"]?.int64 else { throw .malformed }
        guard now.seconds < expiry else { throw .expired }
        if let start = claims["nbf"]?.int64, now.seconds < start { throw .notYetValid }
    }

    public var issuer: String? { claims["iss"]?.string }
    public var subject: String? { claims["sub"]?.string }

    private static func object(_ part: ArraySlice<UInt8>) -> JSONValue? {
        guard let bytes = Base64.decode(part, .url),
            let value = try? JSONDocument(bytes, limits: JSONLimits(depth: 16, size: longest)).root,
            value.kind == .object
        else { return nil }
        return value
    }
}

public enum TokenError: Error, Equatable {
    case malformed
    case algorithm(String)
    case unknownKey
    case badSignature
    case expired
    case notYetValid
}
