import ServiceKit

/// Who may use a bucket or an object besides those whom policies let in.
///
/// [Access control lists](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html)
struct AccessControlList: Sendable, Equatable {
    enum Group: String, Sendable {
        case everyone = "http://acs.amazonaws.com/groups/global/AllUsers"
        case authenticated = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
        case logDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery"

        /// Strangers are in it.
        var isPublic: Bool { self != .logDelivery }
    }

    enum Grantee: Sendable, Equatable {
        case group(Group)
        /// By canonical user id.
        case user(String)
    }

    enum Right: String, Sendable {
        case read = "READ"
        case write = "WRITE"
        case readList = "READ_ACP"
        case writeList = "WRITE_ACP"
        case fullControl = "FULL_CONTROL"
    }

    struct Grant: Sendable, Equatable {
        let grantee: Grantee
        let right: Right

        init(_ right: Right, to grantee: Grantee) {
            self.right = right
            self.grantee = grantee
        }
    }

    let owner: CanonicalUser
    /// Groups first.
    let grants: [Grant]

    init(owner: CanonicalUser, grants: [Grant]) {
        self.owner = owner
        self.grants = grants.filter(\.isForGroup) + grants.filter { !$0.isForGroup }
    }

    /// The owner's alone, as where nobody asked for anything else.
    static func ownersAlone(_ owner: CanonicalUser) -> AccessControlList {
        AccessControlList(owner: owner, grants: [Grant(.fullControl, to: .user(owner.id))])
    }

    var isPublic: Bool {
        grants.contains { grant in
            if case .group(let group) = grant.grantee { group.isPublic } else { false }
        }
    }

    /// How the list names a caller that it gives a right; `nil` where it does not.
    func principal(with right: Right, for caller: Caller, ignoringPublic: Bool) -> ListedPrincipal? {
        // What the owner's own users may do their policies say.
        if caller.account == owner.account, !caller.account.isEmpty { return nil }
        let isKnown = !caller.account.isEmpty && caller.kind != .service
        let id = isKnown ? CanonicalUser(caller.account).id : nil
        for grant in grants where grant.right == right || grant.right == .fullControl {
            switch grant.grantee {
            case .group(.everyone) where !ignoringPublic: return .everyone
            case .group(.authenticated) where !ignoringPublic && isKnown: return .everyone
            case .user(let user) where user == id: return .account(caller.account)
            case .group, .user: continue
            }
        }
        return nil
    }
}

extension AccessControlList.Grant {
    fileprivate var isForGroup: Bool { if case .group = grantee { true } else { false } }
}

extension AccessControlList.Right {
    /// [Permission mapping](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#acl-access-policy-permission-mapping)
    /// of a bucket's list.
    init?(bucketAction action: String) {
        switch action {
        case "s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads": self = .read
        // Who stores an object may say in the same request who else may read it.
        case "s3:PutObject", "s3:PutObjectAcl": self = .write
        case "s3:GetBucketAcl": self = .readList
        case "s3:PutBucketAcl": self = .writeList
        default: return nil
        }
    }

    /// The same of an object's list.
    init?(objectAction action: String) {
        switch action {
        case "s3:GetObject", "s3:GetObjectVersion": self = .read
        case "s3:GetObjectAcl", "s3:GetObjectVersionAcl": self = .readList
        case "s3:PutObjectAcl", "s3:PutObjectVersionAcl": self = .writeList
        default: return nil
        }
    }
}
