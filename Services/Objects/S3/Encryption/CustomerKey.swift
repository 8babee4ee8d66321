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
