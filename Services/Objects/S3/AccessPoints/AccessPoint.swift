import ServiceKit

/// A name of its own for a bucket, with a policy of its own.
///
/// [Access points](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points.html)
final class AccessPoint: Sendable {
    static let aliasSuffix = "-s3alias"

    let account: String
    let region: String
    let name: String
    /// The name of the bucket behind it.
    let bucket: String
    let bucketAccount: String
    let alias: String
    /// `nil` where the internet may ask.
    let vpc: String?
    let created: Timestamp
    /// As it was given, or what a new one has.
    let publicAccessBlock: JSONValue
    let policyText: String?
    let tags: Tags
    // Read out of the above once, for they are asked with every request.
    let policy: Policy?
    let isPolicyPublic: Bool
    let asksForTags: Bool
    /// Its own and its account's.
    let publicAccess: PublicAccess

    /// - Parameter accountAccess: what its account refuses to the public for all it has.
    /// - Throws: `MalformedPolicy`
    init(
        account: String, region: String, name: String, bucket: String, bucketAccount: String, alias: String,
        vpc: String?, created: Timestamp, publicAccessBlock: JSONValue, policyText: String?, tags: Tags,
        accountAccess: PublicAccess
    ) throws {
        self.account = account
        self.region = region
        self.name = name
        self.bucket = bucket
        self.bucketAccount = bucketAccount
        self.alias = alias
        self.vpc = vpc
        self.created = created
        self.publicAccessBlock = publicAccessBlock
        self.policyText = policyText
        self.tags = tags
        policy = try policyText.map { try Policy.parse($0) }
        isPolicyPublic = try policyText.map { BucketPolicy.isPublic(try JSONDocument(Array($0.utf8)).root) } ?? false
        asksForTags = policyText.map(BucketPolicy.asksForTags) ?? false
        publicAccess = PublicAccess(publicAccessBlock).joined(with: accountAccess)
    }

    var arn: ARN { ARN("s3", region: region, account: account, "accesspoint/\(name)") }
    func arn(of key: String) -> ARN { ARN("s3", region: region, account: account, "accesspoint/\(name)/object/\(key)") }

    var networkOrigin: String { vpc == nil ? "Internet" : "VPC" }

    /// What policies of both sides may ask.
    var conditions: [String: [String]] {
        [
            "s3:DataAccessPointArn": [arn.description], "s3:DataAccessPointAccount": [account],
            "s3:AccessPointNetworkOrigin": [networkOrigin],
        ]
    }

    /// The policy as far as Block Public Access lets it count for this caller.
    func policy(for caller: Caller) -> Policy? {
        let isOwn = caller.account == account || caller.kind == .service
        return publicAccess.restrictPublicBuckets && isPolicyPublic && !isOwn ? nil : policy
    }

    /// - Throws: `MethodNotAllowed` for operations that buckets alone have, `AccessDenied` where a VPC has to ask: no
    ///   request to this stack comes from one.
    func check(_ operation: String) throws {
        guard Self.operations.contains(operation) else { throw ServiceError.methodNotAllowed }
        guard vpc == nil else {
            throw ServiceError(
                "AccessDenied", "The access point \(name) answers requests from its VPC only.", status: 403)
        }
    }

    /// [Compatible operations](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html)
    private static let operations: Set = [
        "AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "DeleteObject",
        "DeleteObjects", "DeleteObjectTagging", "GetBucketAcl", "GetBucketCors", "GetBucketLocation",
        "GetBucketNotificationConfiguration", "GetBucketPolicy", "GetObject", "GetObjectAcl", "GetObjectAttributes",
        "GetObjectLegalHold", "GetObjectRetention", "GetObjectTagging", "HeadBucket", "HeadObject",
        "ListMultipartUploads", "ListObjects", "ListObjectsV2", "ListObjectVersions", "ListParts", "PutObject",
        "PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging", "RestoreObject", "UploadPart",
        "UploadPartCopy",
    ]

    // MARK: Names

    /// [Naming rules](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html)
    static func isValid(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
        return isPlain && (3...50).contains(name.utf8.count) && !name.hasPrefix("-") && !name.hasSuffix("-")
            && !["-s3alias", "--ol-s3", "--op-s3", "--x-s3"].contains(where: name.hasSuffix)
    }

    /// Nobody else's name: random, and as long as a bucket's may be at most.
    static func newAlias(for name: String) -> String {
        let random = Hex.string(SecureRandom.bytes(17))
        return "\(name.prefix(63 - aliasSuffix.utf8.count - random.utf8.count - 1))-\(random)\(aliasSuffix)"
    }
}

extension ServiceError {
    static let noSuchAccessPoint = ServiceError(
        "NoSuchAccessPoint", "The specified accesspoint does not exist", status: 404)
    static let methodNotAllowed = ServiceError(
        "MethodNotAllowed", "The specified method is not allowed against this resource.", status: 405)
}
