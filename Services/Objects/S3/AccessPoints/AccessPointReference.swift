import ServiceKit

/// An access point in the place of a bucket's name.
///
/// [Referencing access points](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html)
enum AccessPointReference: Sendable, Hashable {
    /// `arn:aws:s3:us-east-1:123456789012:accesspoint/finance`
    case arn(region: String, account: String, name: String)
    /// `finance-…-s3alias`
    case alias(String)
    /// `finance-123456789012`, before the name of a host that tells no region.
    case host(account: String, name: String)

    /// `nil` for the names of buckets.
    init?(_ text: String) {
        if text.utf8.starts(with: "arn:".utf8) {
            self.init(ARN(text))
        } else if text.utf8.last == UInt8(ascii: "s"), text.hasSuffix(AccessPoint.aliasSuffix) {
            self = .alias(text)
        } else {
            return nil
        }
    }

    init?(_ arn: ARN?) {
        guard let arn, arn.service == "s3" else { return nil }
        let parts = arn.resource.split(maxSplits: 1, whereSeparator: { $0 == "/" || $0 == ":" })
        guard parts.count == 2, parts[0] == "accesspoint", !parts[1].isEmpty else { return nil }
        self = .arn(region: arn.region, account: arn.account, name: String(parts[1]))
    }

    /// The label that clients put before the name of a host of their own: what ends with no account is none.
    init?(hostLabel: String) {
        // Asked for every request: nearly all names are told by their last byte.
        let account = hostLabel.utf8.suffix(12)
        guard account.reversed().allSatisfy({ (48...57).contains($0) }) else { return nil }
        let rest = hostLabel.utf8.dropLast(12)
        guard rest.count > 1, rest.last == UInt8(ascii: "-") else { return nil }
        self = .host(account: String(Substring(account)), name: String(Substring(rest.dropLast())))
    }
}

extension S3Store {
    /// The access point that a request came by; `nil` where it names the bucket itself.
    ///
    /// - Throws: `NoSuchAccessPoint`
    func accessPoint(_ reference: BucketReference) async throws -> AccessPoint? {
        if let wanted = reference.accessPoint {
            guard let point = try await accessPoint(wanted) else { throw ServiceError.noSuchAccessPoint }
            return point
        }
        // A bucket may be called like that too, and comes first.
        guard let wanted = AccessPointReference(hostLabel: reference.name),
            try await existingBucket(named: reference.name) == nil
        else { return nil }
        return try await accessPoint(wanted)
    }

    /// `permission` on a bucket or object, and where an access point leads to it the same on the access point: both have
    /// to allow.
    ///
    /// [Policies of access points](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html)
    func gated(
        _ permission: Permission, by reference: BucketReference, key: String?, in call: Call
    ) async throws -> Permission {
        guard let point = try await accessPoint(reference) else { return permission }
        try point.check(call.operation)
        var permission = permission
        permission.context.merge(point.conditions) { first, _ in first }
        let arn = key.map(point.arn(of:)) ?? point.arn
        permission.alsoNeeds = [
            Permission(
                permission.action, on: arn.description, owner: point.account,
                resourcePolicy: point.policy(for: call.caller), context: permission.context)
        ]
        return permission
    }
}
