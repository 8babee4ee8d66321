import ServiceKit

/// A bucket as it was at one revision, with its configurations. An object, as every step of a request holds it.
final class Bucket: Sendable {
    enum Versioning: String, SQLValue {
        case unversioned = ""
        case enabled = "Enabled"
        case suspended = "Suspended"
    }

    let id: Int64
    let name: String
    let account: String
    let region: String
    let created: Timestamp
    let versioning: Versioning
    /// `nil` where it was never set.
    let mfaDelete: MFADelete?
    let revision: Int64
    let configurations: [ConfigurationKind: JSONValue]
    /// The bucket policy, where there is one and Block Public Access lets it count.
    let policy: Policy?
    // Read out of the configurations once, for they are asked with every request.
    let publicAccess: PublicAccess
    let isPolicyPublic: Bool
    /// Whether the policy has conditions on the tags of objects: only then are they looked up before a decision.
    let asksForTags: Bool
    let notifications: NotificationConfiguration
    let ownership: ObjectOwnership
    let defaultEncryption: DefaultEncryption
    /// `nil` where nobody ever set one.
    let storedList: AccessControlList?
    let payment: RequestPayment
    /// `nil` where no other bucket has its objects.
    let replication: ReplicationConfiguration?
    /// `nil` where nothing moves or expires.
    let lifecycle: LifecycleConfiguration?
    /// `nil` where its website answers objects as they are.
    let images: ImageRules?
    /// `nil` where no table tells of its objects.
    let metadata: MetadataConfiguration?

    /// - Parameters:
    ///   - row: id, name, account, region, created, versioning, revision, mfa_delete
    ///   - accountAccess: what its account refuses to the public for all of its buckets.
    init(_ row: Row, _ configurations: [ConfigurationKind: JSONValue], accountAccess: PublicAccess) throws {
        id = try row[0]
        name = try row[1]
        account = try row[2]
        region = try row[3]
        created = try row[4]
        versioning = try row[5]
        revision = try row[6]
        mfaDelete = try row[7]
        self.configurations = configurations
        policy = try BucketPolicy.effective(in: configurations, of: ARN("s3", name))
        publicAccess = PublicAccess(configurations[.publicAccessBlock]).joined(with: accountAccess)
        isPolicyPublic = BucketPolicy.isPublic(in: configurations)
        asksForTags = BucketPolicy.asksForTags(in: configurations)
        notifications = try NotificationConfiguration(in: configurations)
        ownership = try ObjectOwnership(configurations[.ownership])
        defaultEncryption = DefaultEncryption(configurations[.encryption])
        storedList = try configurations[.acl].map(AccessControlList.init(encoded:))
        payment = try RequestPayment(configurations[.requestPayment])
        replication = try ReplicationConfiguration(configurations[.replication])
        lifecycle = try LifecycleConfiguration(configurations[.lifecycle])
        images = try ImageRules(in: configurations)
        metadata = try MetadataConfiguration(configurations[.metadata])
    }

    var arn: ARN { ARN("s3", name) }
    func arn(of key: String) -> ARN { ARN("s3", "\(name)/\(key)") }

    /// Whether it has the files of a table, which are read by the permissions of S3 Tables alone.
    var isWarehouse: Bool {
        // Asked for every request: nearly all names are told by their last byte.
        name.utf8.last == UInt8(ascii: "3") && name.hasSuffix(BucketName.warehouseSuffix)
    }

    var owner: CanonicalUser { CanonicalUser(account) }
}

/// The configuration documents a bucket can have, each stored as the JSON its `Put…` operation was given,
/// save `acl`, whose form is `AccessControlList.encoded`.
enum ConfigurationKind: String, Sendable, CaseIterable, SQLValue {
    case cors, encryption, lifecycle, notification, ownership, policy, publicAccessBlock, tagging, website
    case acl, logging, accelerate, requestPayment, objectLock, replication, abac, metadata
}

/// Which bucket a request means, and whose the caller expects it to be.
struct BucketReference: Sendable {
    /// As the request has it: also an access point's.
    let name: String
    let accessPoint: AccessPointReference?
    let expectedOwner: String?
    let payment: RequestPayment.Consent

    /// - Parameter asksPayer: whether the operation has the member that says who pays.
    init(_ member: Members, asksPayer: Bool = false) throws {
        name = try member("Bucket")
        accessPoint = AccessPointReference(name)
        expectedOwner = try member("ExpectedBucketOwner")
        payment = asksPayer ? try RequestPayment.Consent(member) : .unasked
    }

    init(name: String, expectedOwner: String? = nil, payment: RequestPayment.Consent = .unasked) {
        self.name = name
        accessPoint = AccessPointReference(name)
        self.expectedOwner = expectedOwner
        self.payment = payment
    }
}
