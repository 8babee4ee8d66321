import ServiceKit

/// How a write's object is to be enciphered.
enum EncryptionChoice: Sendable {
    /// SSE-S3
    case store
    /// SSE-C
    case customer(CustomerKey)
    /// SSE-KMS
    case managed(ManagedKeyWish)
}

/// The encryption a write asks for. Read at once and judged when it is performed, because policies come first.
struct RequestedEncryption: Sendable {
    private let headers: CustomerKeyHeaders
    private let name: String?
    private let keyID: String?
    private let context: String?
    private let usesBucketKey: Bool?

    init(_ member: Members) throws {
        headers = try CustomerKeyHeaders(member)
        name = try member("ServerSideEncryption")
        keyID = try member("SSEKMSKeyId")
        context = try member("SSEKMSEncryptionContext")
        usesBucketKey = try member("BucketKeyEnabled")
    }

    /// Whether a copy onto itself changes something by it.
    var isGiven: Bool { name != nil || headers.algorithm != nil }

    /// What policies may ask of a write.
    var conditions: [String: [String]] {
        var conditions: [String: [String]] = [:]
        if let name { conditions["s3:x-amz-server-side-encryption"] = [name] }
        if let keyID { conditions["s3:x-amz-server-side-encryption-aws-kms-key-id"] = [keyID] }
        if let algorithm = headers.algorithm {
            conditions["s3:x-amz-server-side-encryption-customer-algorithm"] = [algorithm]
        }
        return conditions
    }

    /// What is asked for, or what the bucket has where nothing is.
    ///
    /// - Throws: `InvalidArgument`, `InvalidEncryptionAlgorithmError`
    func choice(in bucket: Bucket) throws -> EncryptionChoice {
        let customerKey = try headers.customerKey()
        guard let name else {
            try requireNoKeyID()
            return customerKey.map { .customer($0) } ?? bucketsOwn(bucket.defaultEncryption)
        }
        guard customerKey == nil else {
            throw ServiceError.invalidArgument(
                "Server Side Encryption with Customer provided key is incompatible with the encryption method "
                    + "specified", "x-amz-server-side-encryption", name)
        }
        let method = try EncryptionMethodName(checking: name)
        if method == .store {
            try requireNoKeyID()
            return .store
        }
        let hasTwoLayers = method == .twoLayers
        let wish = ManagedKeyWish(
            keyID: keyID ?? ManagedKeyWish.defaultKeyID, context: try context.map(KeyContext.init(header:)),
            usesBucketKey: !hasTwoLayers && usesBucketKey ?? bucket.defaultEncryption.usesBucketKey,
            hasTwoLayers: hasTwoLayers)
        return .managed(wish)
    }

    private func bucketsOwn(_ encryption: DefaultEncryption) -> EncryptionChoice {
        guard let keyID = encryption.managedKeyID else { return .store }
        return .managed(
            ManagedKeyWish(
                keyID: keyID, context: nil,
                usesBucketKey: !encryption.hasTwoLayers && usesBucketKey ?? encryption.usesBucketKey,
                hasTwoLayers: encryption.hasTwoLayers))
    }

    private func requireNoKeyID() throws {
        guard keyID == nil, context == nil else {
            throw ServiceError.invalidArgument(
                "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : "
                    + "aws:kms", "x-amz-server-side-encryption", name ?? "null")
        }
    }
}

/// The values of `x-amz-server-side-encryption` that are served.
enum EncryptionMethodName: String, Sendable {
    case store = "AES256"
    case managed = "aws:kms"
    /// Never with a bucket key.
    case twoLayers = "aws:kms:dsse"

    /// - Throws: `InvalidArgument`
    init(checking name: String) throws {
        guard let method = EncryptionMethodName(rawValue: name) else {
            throw ServiceError.invalidArgument(
                "The encryption method specified is not supported", "x-amz-server-side-encryption", name)
        }
        self = method
    }
}

/// The encryption that a bucket's objects have where their writer asks for none.
struct DefaultEncryption: Sendable {
    /// `nil`: SSE-S3.
    let managedKeyID: String?
    let usesBucketKey: Bool
    let hasTwoLayers: Bool

    /// As a `ServerSideEncryptionConfiguration`; SSE-S3 without one.
    init(_ configuration: JSONValue?) {
        let rule = configuration?["Rules"]?.elements.first { _ in true }
        let applied = rule?["ApplyServerSideEncryptionByDefault"]
        let method = applied?["SSEAlgorithm"]?.string.flatMap(EncryptionMethodName.init(rawValue:)) ?? .store
        let isManaged = method != .store
        hasTwoLayers = method == .twoLayers
        managedKeyID = isManaged ? applied?["KMSMasterKeyID"]?.string ?? ManagedKeyWish.defaultKeyID : nil
        usesBucketKey = method == .managed && rule?["BucketKeyEnabled"]?.bool ?? false
    }

    /// - Throws: `MalformedXML`, `InvalidArgument`, and what an algorithm that is not served answers.
    static func check(_ configuration: JSONValue) throws {
        guard let rules = configuration["Rules"].map({ Array($0.elements) }), rules.count == 1 else {
            throw ServiceError.malformedXML
        }
        guard let applied = rules[0]["ApplyServerSideEncryptionByDefault"],
            let name = applied["SSEAlgorithm"]?.string
        else { return }
        let method = try EncryptionMethodName(checking: name)
        if method == .store, let key = applied["KMSMasterKeyID"]?.string {
            throw ServiceError.invalidArgument(
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
                "KMSMasterKeyID", key)
        }
    }
}
