import HTTPTypes
import Time

/// What a request says about its signature, parsed and not yet verified.
public struct SignedRequest: Sendable {
    /// Where the signature stands.
    public enum Form: Sendable, Equatable {
        case header
        /// In the query, good for the seconds given from `date` on.
        case presigned(expiresSeconds: Int)
        /// Of the policy in a form, which says itself how long it is good for.
        case policy
    }

    public let form: Form
    public let algorithm: SigningAlgorithm
    public let accessKeyID: String
    public let scope: CredentialScope
    /// SigV4A: what the signature is good for, such as `us-east-1,eu-*`.
    public let regionSet: String?
    public let date: Timestamp
    /// As in the order of the canonical request, in lower case.
    public let signedHeaders: [String]
    /// Hexadecimal.
    public let signature: String
    public let sessionToken: String?
    public let payload: PayloadDigest

    /// S3 canonicalises and words its errors in a way of its own.
    public var isForS3: Bool { SignedRequest.isS3(scope.service) }

    static func isS3(_ service: String) -> Bool {
        service == "s3" || service == "s3express" || service == "s3-object-lambda" || service == "s3-outposts"
    }
}

/// How a request proves who sent it.
public enum RequestAuthentication: Sendable {
    case anonymous
    case signed(SignedRequest)
    /// Presigned in S3's older way.
    case presignedByVersionTwo(VersionTwoSignature)
    /// An `Authorization` header of another scheme, such as a bearer token.
    case other(scheme: String)

    /// Reads the `Authorization` header or the query parameters.
    ///
    /// - Parameter bucket: the one that the request's host names; Version 2 signs it with the path.
    /// - Throws: `SignatureError.malformed` and its relatives where there is a signature that cannot be read.
    public static func parse(
        _ head: RequestHead, bucket: String? = nil
    ) throws(SignatureError) -> RequestAuthentication {
        let authorization = head.fields["Authorization"]
        let isPresigned = PresignedQuery.isPresent(in: head)
        if let authorization {
            let end = authorization.utf8.firstIndex(of: UInt8(ascii: " ")) ?? authorization.endIndex
            let scheme = authorization[..<end]
            let isSignature = scheme.hasPrefix("AWS4-")
            guard !isPresigned || !isSignature else { throw .malformed(.severalMechanisms) }
            if isSignature { return .signed(try AuthorizationHeader.parse(authorization, of: head)) }
            if !isPresigned { return .other(scheme: String(scheme)) }
        }
        if VersionTwoSignature.isPresent(in: head) {
            guard !isPresigned else { throw .malformed(.severalMechanisms) }
            return .presignedByVersionTwo(try VersionTwoSignature(head, bucket: bucket))
        }
        return isPresigned ? .signed(try PresignedQuery.parse(head)) : .anonymous
    }
}
