import ServiceKit

/// The KMS key that seals an object's key, as answers tell of it.
struct ManagedKey: Sendable, Equatable {
    let arn: String
    let context: KeyContext?
    /// Whether the object's key is bound to its bucket rather than to the object.
    let usesBucketKey: Bool
    /// `aws:kms:dsse`: the key of a second layer, sealed under the store's. `nil` for one layer.
    var secondLayer: [UInt8]?

    /// `aws:kms`, `aws:kms:dsse`
    var method: EncryptionMethodName { secondLayer == nil ? .managed : .twoLayers }
}

/// What a write wants of KMS.
struct ManagedKeyWish: Sendable, Equatable {
    /// The key that S3 has of its own in every account.
    static let defaultKeyID = "alias/aws/s3"

    /// An identifier, an alias, or the ARN of either.
    let keyID: String
    let context: KeyContext?
    let usesBucketKey: Bool
    var hasTwoLayers = false
}

/// The pairs of `x-amz-server-side-encryption-context`.
struct KeyContext: Sendable, Equatable {
    /// As the header came: base64 of a JSON object of strings.
    let header: String
    let pairs: [String: String]

    init(_ pairs: [String: String]) {
        var json = JSONWriter()
        json.object { json in for (name, value) in pairs { json.member(name, value) } }
        header = Base64.string(json.bytes)
        self.pairs = pairs
    }

    /// - Throws: `InvalidArgument`
    init(header: String) throws {
        guard let json = Base64.decode(Array(header.utf8)), let document = try? JSONDocument(json),
            let pairs = try? [String: String](json: document.root)
        else {
            throw ServiceError.invalidArgument(
                "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON "
                    + "which represents a string-string map", "x-amz-server-side-encryption-context", header)
        }
        self.header = header
        self.pairs = pairs
    }
}
