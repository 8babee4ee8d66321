import ServiceKit

/// A key that the customer sends with a request and that is kept nowhere.
///
/// [SSE-C](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html)
struct CustomerKey: Sendable {
    static let algorithm = "AES256"

    let bytes: [UInt8]
    /// Base64.
    let md5: String

    /// - Throws: `InvalidArgument`
    fileprivate init(_ key: String, _ md5: String) throws {
        guard let bytes = Base64.decode(Array(key.utf8)), bytes.count == AESCTR.keyByteCount else {
            throw ServiceError.invalidArgument(
                "The secret key was invalid for the specified algorithm.", "x-amz-server-side-encryption", "null")
        }
        guard Base64.string(MD5.hash(bytes)) == md5 else {
            throw ServiceError.invalidArgument(
                "The calculated MD5 hash of the key did not match the hash that was provided.",
                "x-amz-server-side-encryption", "null")
        }
        self.bytes = bytes
        self.md5 = md5
    }
}

/// The headers of a customer's key as they came.
struct CustomerKeyHeaders: Sendable {
    let algorithm: String?
    private let key: String?
    private let md5: String?

    /// - Parameter prefix: `CopySource` for the key of a copy's source.
    init(_ member: Members, prefix: String = "") throws {
        algorithm = try member("\(prefix)SSECustomerAlgorithm")
        key = try member("\(prefix)SSECustomerKey")
        md5 = try member("\(prefix)SSECustomerKeyMD5")
    }

    /// `nil` where the request brings none.
    ///
    /// - Throws: `InvalidArgument`, `InvalidEncryptionAlgorithmError`
    func customerKey() throws -> CustomerKey? {
        if algorithm == nil, key == nil, md5 == nil { return nil }
        guard let algorithm else { throw Self.incomplete("must provide a valid encryption algorithm.") }
        guard algorithm == CustomerKey.algorithm else { throw ServiceError.invalidEncryptionAlgorithm(algorithm) }
        guard let key else { throw Self.incomplete("must provide an appropriate secret key.") }
        guard let md5 else { throw Self.incomplete("must provide the client calculated MD5 of the secret key.") }
        return try CustomerKey(key, md5)
    }

    private static func incomplete(_ rest: String) -> ServiceError {
        .invalidArgument(
            "Requests specifying Server Side Encryption with Customer provided keys \(rest)",
            "x-amz-server-side-encryption", "null")
    }
}

/// The encryption a write asks for. Read at once and judged when it is performed, because policies come first.
struct RequestedEncryption: Sendable {
    private let headers: CustomerKeyHeaders
    private let name: String?
    private let kmsKeyID: String?

    init(_ member: Members) throws {
        headers = try CustomerKeyHeaders(member)
        name = try member("ServerSideEncryption")
        kmsKeyID = try member("SSEKMSKeyId")
    }

    /// Whether a copy onto itself changes something by it.
    var isGiven: Bool { name != nil || headers.algorithm != nil }

    /// What policies may ask of a write.
    var conditions: [String: [String]] {
        var conditions: [String: [String]] = [:]
        if let name { conditions["s3:x-amz-server-side-encryption"] = [name] }
        if let kmsKeyID { conditions["s3:x-amz-server-side-encryption-aws-kms-key-id"] = [kmsKeyID] }
        if let algorithm = headers.algorithm {
            conditions["s3:x-amz-server-side-encryption-customer-algorithm"] = [algorithm]
        }
        return conditions
    }

    /// - Throws: `InvalidArgument`, `InvalidEncryptionAlgorithmError`; `NotImplemented` for keys of KMS.
    func customerKey() throws -> CustomerKey? {
        let key = try headers.customerKey()
        if let name {
            guard key == nil else {
                throw ServiceError.invalidArgument(
                    "Server Side Encryption with Customer provided key is incompatible with the encryption method "
                        + "specified", "x-amz-server-side-encryption", name)
            }
            try Self.check(name)
        } else if kmsKeyID != nil {
            throw ServiceError.invalidArgument(
                "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : "
                    + "aws:kms", "x-amz-server-side-encryption", "null")
        }
        return key
    }

    /// - Throws: `InvalidEncryptionAlgorithmError`; `NotImplemented` for keys of KMS.
    static func check(_ name: String) throws {
        switch name {
        case CustomerKey.algorithm: return
        case "aws:kms", "aws:kms:dsse": throw ServiceError.notImplemented("server-side encryption with KMS keys")
        default: throw ServiceError.invalidEncryptionAlgorithm(name)
        }
    }
}
