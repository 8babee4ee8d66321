import Bytes
import Crypto
import Time

/// How a service words its refusals.
public enum ErrorDialect: Sendable {
    /// `InvalidSignatureException` and its like, with 400.
    case json
    /// The same with 403.
    case restJSON
    /// `SignatureDoesNotMatch` and its like, with 403.
    case query
    case s3
}

/// What a refused client is told.
public struct SignatureAnswer: Sendable, Equatable {
    public let code: String
    public let message: String
    public let status: Int
    /// Further elements of S3's error document, in their order.
    public let details: [Detail]

    public struct Detail: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    init(_ code: String, _ message: String, _ status: Int, _ details: KeyValuePairs<String, String> = [:]) {
        self.code = code
        self.message = message
        self.status = status
        self.details = details.map { Detail(name: $0.key, value: $0.value) }
    }
}

extension SignatureError {
    public static let allowedSkewSeconds = 900

    /// AWS's words for this error.
    public func answer(in dialect: ErrorDialect) -> SignatureAnswer {
        switch dialect {
        case .s3: S3Wording.answer(to: self)
        case .json: ServiceWording(suffix: "Exception", status: 400).answer(to: self)
        case .restJSON: ServiceWording(suffix: "Exception", status: 403).answer(to: self)
        case .query: ServiceWording(suffix: "", status: 403).answer(to: self)
        }
    }
}
