import HTTPTypes

/// How the body takes part in the signature.
public enum PayloadDigest: Sendable, Equatable {
    /// Nothing was said: the digest of the body as it arrives.
    case ofBody
    /// `UNSIGNED-PAYLOAD`.
    case unsigned
    /// The SHA-256 the sender states, in hexadecimal, which the body must have.
    case stated(String)
    /// `aws-chunked` with a signature for each chunk.
    case signedChunks(algorithm: SigningAlgorithm, trailer: Bool)
    /// `aws-chunked` without chunk signatures.
    case unsignedChunks

    /// - Throws: `SignatureError.malformed(.contentHash)` for a text that is none of these.
    init(_ text: String?) throws(SignatureError) {
        if let text, text.utf8.count == 64, text.utf8.allSatisfy(\.isHexDigit) {
            self = .stated(text.asciiLowercased)
            return
        }
        switch text {
        case nil: self = .ofBody
        case "UNSIGNED-PAYLOAD": self = .unsigned
        case "STREAMING-UNSIGNED-PAYLOAD-TRAILER": self = .unsignedChunks
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": self = .signedChunks(algorithm: .hmac, trailer: false)
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": self = .signedChunks(algorithm: .hmac, trailer: true)
        case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD": self = .signedChunks(algorithm: .ecdsa, trailer: false)
        case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER":
            self = .signedChunks(algorithm: .ecdsa, trailer: true)
        case let text?: throw .malformed(.contentHash(text))
        }
    }

    /// As it stands in the canonical request; `nil` where it depends on the body.
    public var text: String? {
        switch self {
        case .ofBody: nil
        case .unsigned: "UNSIGNED-PAYLOAD"
        case .stated(let hash): hash
        case .unsignedChunks: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        case .signedChunks(let algorithm, let trailer):
            "STREAMING-\(algorithm.rawValue)-PAYLOAD\(trailer ? "-TRAILER" : "")"
        }
    }

    /// Whether the body is `aws-chunked`.
    public var isChunked: Bool {
        switch self {
        case .signedChunks, .unsignedChunks: true
        case .ofBody, .unsigned, .stated: false
        }
    }
}

extension UInt8 {
    var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
