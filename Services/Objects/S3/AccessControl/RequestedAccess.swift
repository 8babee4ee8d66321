import ServiceKit

/// The access that a request asks to give: a canned list by its name, grants in headers, or a whole list.
struct RequestedAccess: Sendable {
    private let canned: Canned?
    private let headers: [(name: String, value: String)]
    private let grants: [AccessControlList.Grant]
    private let list: WholeList?

    /// [Canned ACL](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl)
    private enum Canned: String, Sendable {
        case ownersAlone = "private"
        case publicRead = "public-read"
        case publicReadWrite = "public-read-write"
        case authenticatedRead = "authenticated-read"
        case bucketOwnerRead = "bucket-owner-read"
        case bucketOwnerFullControl = "bucket-owner-full-control"
        case logDelivery = "log-delivery-write"
        // EC2 alone reads bundles by it, and is not here.
        case awsExecRead = "aws-exec-read"
    }

    private struct WholeList {
        let owner: String
        let grants: [AccessControlList.Grant]

        init(_ json: JSONValue) throws {
            guard let owner = json["Owner"]?["ID"]?.string else { throw ServiceError.malformedList }
            self.owner = owner
            grants = try AccessControlList.grants(json["Grants"].map { Array($0.elements) } ?? [])
        }
    }

    private static let grantMembers: [(member: String, header: String, right: AccessControlList.Right)] = [
        ("GrantRead", "x-amz-grant-read", .read), ("GrantWrite", "x-amz-grant-write", .write),
        ("GrantReadACP", "x-amz-grant-read-acp", .readList), ("GrantWriteACP", "x-amz-grant-write-acp", .writeList),
        ("GrantFullControl", "x-amz-grant-full-control", .fullControl),
    ]

    /// - Throws: `InvalidArgument`, `InvalidRequest`, `MalformedACLError`, `UnresolvableGrantByEmailAddress`.
    init(_ member: Members) throws {
        canned = try (member("ACL") as String?).map { name in
            guard let canned = Canned(rawValue: name) else {
                throw ServiceError.invalidArgument("", "x-amz-acl", name)
            }
            return canned
        }
        var headers: [(name: String, value: String)] = []
        var grants: [AccessControlList.Grant] = []
        for (name, header, right) in Self.grantMembers {
            guard let value: String = try member(name) else { continue }
            headers.append((header, value))
            grants += try Self.grantees(value).map { AccessControlList.Grant(right, to: $0) }
        }
        (self.headers, self.grants) = (headers, grants)
        list = try (member("AccessControlPolicy") as JSONValue?).flatMap { $0.isNull ? nil : try WholeList($0) }
        if canned != nil, !headers.isEmpty {
            throw ServiceError.invalidRequest("Specifying both Canned ACLs and Header Grants is not allowed")
        }
        if list != nil, isInHeaders {
            throw ServiceError(
                "UnexpectedContent", "This request does not support content")
        }
    }

    var isGiven: Bool { isInHeaders || list != nil }
    private var isInHeaders: Bool { canned != nil || !headers.isEmpty }

    /// Where lists are off, a request may still say what holds anyway.
    var isBucketOwnerFullControl: Bool { canned == .bucketOwnerFullControl }
    var isPrivate: Bool { !isGiven || canned == .ownersAlone }

    /// Condition keys: `s3:x-amz-acl`, `s3:x-amz-grant-read`, …
    var conditions: [String: [String]] {
        var keys = Dictionary(headers.map { ("s3:\($0.name)", [$0.value]) }) { first, _ in first }
        if let canned { keys["s3:x-amz-acl"] = [canned.rawValue] }
        return keys
    }

    /// - Throws: `AccessDenied` where a whole list names another owner: nobody gives away what is theirs.
    func list(owner: CanonicalUser, bucketOwner: CanonicalUser) throws -> AccessControlList {
        if let list {
            guard list.owner == owner.id else { throw ServiceError.accessDenied }
            return AccessControlList(owner: owner, grants: list.grants)
        }
        if !headers.isEmpty { return AccessControlList(owner: owner, grants: grants) }
        let full = AccessControlList.Grant(.fullControl, to: .user(owner.id))
        return AccessControlList(owner: owner, grants: [full] + others(owner, bucketOwner))
    }

    private func others(_ owner: CanonicalUser, _ bucketOwner: CanonicalUser) -> [AccessControlList.Grant] {
        typealias Grant = AccessControlList.Grant
        switch canned {
        case .publicRead: return [Grant(.read, to: .group(.everyone))]
        case .publicReadWrite: return [Grant(.read, to: .group(.everyone)), Grant(.write, to: .group(.everyone))]
        case .authenticatedRead: return [Grant(.read, to: .group(.authenticated))]
        case .bucketOwnerRead where owner != bucketOwner: return [Grant(.read, to: .user(bucketOwner.id))]
        case .bucketOwnerFullControl where owner != bucketOwner:
            return [Grant(.fullControl, to: .user(bucketOwner.id))]
        case .logDelivery:
            return [Grant(.write, to: .group(.logDelivery)), Grant(.readList, to: .group(.logDelivery))]
        case nil, .ownersAlone, .bucketOwnerRead, .bucketOwnerFullControl, .awsExecRead: return []
        }
    }

    /// `id="…", uri="…"`; the quotes may be missing.
    private static func grantees(_ header: String) throws -> [AccessControlList.Grantee] {
        let items = header.split(separator: ",")
        if items.count > Limits.grants { throw ServiceError.malformedList }
        return try items.map { item in
            let parts = item.split(separator: "=", maxSplits: 1).map { $0.trimmed }
            guard parts.count == 2 else {
                throw ServiceError.invalidArgument("Argument format not recognized", "grant", header)
            }
            let value = parts[1].filter { $0 != "\"" }
            switch parts[0].lowercased() {
            case "id": return try AccessControlList.Grantee(id: value)
            case "uri": return try AccessControlList.Grantee(uri: value)
            case "emailaddress": throw ServiceError.unresolvableGrant(value)
            default: throw ServiceError.invalidArgument("Argument format not recognized", "grant", header)
            }
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
