/// `Principal` or `NotPrincipal`: whom a resource's statement speaks about.
struct PrincipalList: Sendable {
    /// How a statement names a principal, from the vaguest to the most exact: it decides which other policies may still
    /// narrow what the statement grants.
    enum Match: Int, Comparable, Sendable {
        /// The whole account, which delegates: an identity policy must grant it on.
        case account
        case everyone
        /// The role of a session.
        case role
        /// The user, the session itself, the service, the provider.
        case direct

        static func < (left: Match, right: Match) -> Bool { left.rawValue < right.rawValue }
    }

    enum Entry: Sendable, Equatable {
        case everyone
        case account(String)
        /// A user, role or session by its ARN.
        case arn(String)
        case service(String)
        case federated(String)
        case canonicalUser(String)
    }

    let entries: [Entry]
    let isNegated: Bool

    /// `nil` where the statement does not speak about the principal.
    func match(_ principal: AccessPrincipal) -> Match? {
        let match = entries.lazy.compactMap { $0.match(principal) }.max()
        guard isNegated else { return match }
        return match == nil ? .everyone : nil
    }
}

extension PrincipalList.Entry {
    func match(_ principal: AccessPrincipal) -> PrincipalList.Match? {
        switch self {
        case .everyone: return .everyone
        case .account(let account):
            guard principal.isIdentity, principal.account == account else { return nil }
            return principal.kind == .root ? .direct : .account
        case .arn(let arn):
            guard principal.isIdentity else { return nil }
            if principal.arn == arn { return .direct }
            return principal.roleARN == arn ? .role : nil
        case .service(let name): return principal.kind == .service && principal.arn == name ? .direct : nil
        case .federated(let name): return principal.kind == .webIdentity && principal.arn == name ? .direct : nil
        case .canonicalUser(let id):
            return principal.context["s3:CanonicalUserID"] == [id] ? .direct : nil
        }
    }
}
