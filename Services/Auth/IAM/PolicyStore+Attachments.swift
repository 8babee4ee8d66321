import ServiceKit

extension Transaction {
    private static let attachmentLimit = 10

    /// - Throws: `NoSuchEntity`, `LimitExceeded` for an eleventh policy.
    func attachChecked(_ arn: String, to identity: Identity) throws {
        guard try policy(arn, in: identity.account) != nil else { throw ServiceError.policyNotAttachable(arn) }
        guard try !isAttached(arn, to: identity) else { return }
        guard try attachedPolicies(of: identity).count < Self.attachmentLimit else {
            throw ServiceError.quota("PoliciesPer\(identity.kind.title)", Self.attachmentLimit)
        }
        try attach(arn, to: identity)
    }
}

extension Snapshot {
    /// What has a policy attached, or as its boundary, or either.
    func users(
        of arn: String, as usage: String?, in account: String, _ kind: Identity.Kind
    ) throws -> [(name: String, id: String, path: String)] {
        var found: [(name: String, id: String, path: String)] = []
        if usage != "PermissionsBoundary" { found += try attachments(of: arn, in: account, kind) }
        if usage != "PermissionsPolicy" {
            let bounded: [(name: String, id: String, path: String)] = try rows(
                "SELECT name, unique_id, path FROM identity WHERE account = ? AND kind = ? AND boundary = ?", account,
                kind, arn
            ) { (try $0[0], try $0[1], try $0[2]) }
            found += bounded.filter { other in !found.contains { $0.name == other.name } }
        }
        return found
    }
}
