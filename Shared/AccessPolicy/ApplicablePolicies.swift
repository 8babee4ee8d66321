/// The policies that have a say in a request.
public struct ApplicablePolicies: Sendable {
    public var identity: [Policy]
    /// `nil` without one.
    public var boundary: Policy?
    /// `nil` for credentials that were not limited when they were made.
    public var session: [Policy]?
    public var resource: Policy?
    /// Whether the owning account has no say of its own: what the resource's policy does not allow, at least to the
    /// account, nobody may do. KMS keys are such resources.
    public var resourceMustAllow = false
    /// From the root of the organisation down; each level must allow. `nil` without an organisation.
    public var serviceControl: [[Policy]]?

    public init(
        identity: [Policy] = [], boundary: Policy? = nil, session: [Policy]? = nil, resource: Policy? = nil,
        serviceControl: [[Policy]]? = nil
    ) {
        self.identity = identity
        self.boundary = boundary
        self.session = session
        self.resource = resource
        self.serviceControl = serviceControl
    }

    /// Decides in AWS's order: any deny wins; then what the organisation, the resource, the boundary, the session and
    /// the identity allow.
    ///
    /// [Logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
    public func decide(_ request: AccessRequest) -> Decision {
        let findings = Findings(self, request)
        if let denial = findings.denial { return denial }
        if let missing = findings.missingServiceControl { return missing }
        return request.isCrossAccount ? findings.acrossAccounts() : findings.inOneAccount()
    }
}

/// What each kind of policy says on its own.
private struct Findings {
    private struct Grant {
        var decider: Decision.Decider
        var match: PrincipalList.Match
    }

    private let principal: AccessPrincipal
    private var identity: Grant?
    private var boundary: Grant?
    private var session: Grant?
    private var resource: Grant?
    private let resourceMustAllow: Bool
    private let hasBoundary: Bool
    private let hasSession: Bool
    private(set) var denial: Decision?
    private(set) var missingServiceControl: Decision?

    init(_ policies: ApplicablePolicies, _ request: AccessRequest) {
        principal = request.principal
        resourceMustAllow = policies.resourceMustAllow
        hasBoundary = policies.boundary != nil
        hasSession = policies.session != nil
        for level in policies.serviceControl ?? [] where principal.kind != .service && principal.kind != .anonymous {
            let grant = scan(level, .serviceControl, request)
            if grant == nil, missingServiceControl == nil {
                missingServiceControl = Decision(outcome: .implicitlyDenied, source: .serviceControl, decider: nil)
            }
        }
        if let policy = policies.resource { resource = scan([policy], .resource, request) }
        identity = scan(policies.identity, .identity, request)
        if let policy = policies.boundary { boundary = scan([policy], .boundary, request) }
        if let limits = policies.session { session = scan(limits, .session, request) }
    }

    /// Notes the first denial and returns the most exact allowance.
    private mutating func scan(_ policies: [Policy], _ source: Decision.Source, _ request: AccessRequest) -> Grant? {
        var best: Grant?
        for policy in policies {
            for (index, statement) in policy.statements.enumerated() {
                if statement.effect == .deny, denial != nil { continue }
                guard let match = match(statement, source),
                    best == nil || statement.effect == .deny
                        || best.map({ $0.match < match }) == true, statement.covers(request)
                else { continue }
                let decider = Decision.Decider(policy: policy.name, sid: statement.sid, index: index)
                switch statement.effect {
                case .deny: denial = Decision(outcome: .explicitlyDenied, source: source, decider: decider)
                case .allow: best = Grant(decider: decider, match: match)
                }
            }
        }
        return best
    }

    private func match(_ statement: Statement, _ source: Decision.Source) -> PrincipalList.Match? {
        guard source == .resource else { return .direct }
        return statement.principals?.match(principal)
    }

    /// Either the resource or the identity may allow; boundary and session narrow both, save where the resource's
    /// policy names the user or the session itself.
    func inOneAccount() -> Decision {
        if resourceMustAllow, resource == nil { return refused(.resource) }
        if principal.kind == .root { return allowed(.identity, by: nil) }
        guard principal.isIdentity else {
            return resource.map { allowed(.resource, by: $0) } ?? refused(.resource)
        }
        if let resource, resource.match == .direct { return allowed(.resource, by: resource) }
        let resourceGrants = resource.map { $0.match != .account } ?? false
        guard identity != nil || resourceGrants else { return refused(.identity) }
        if let refusal = narrowed { return refusal }
        if let identity { return allowed(.identity, by: identity) }
        return allowed(.resource, by: resource)
    }

    /// Both sides must allow.
    func acrossAccounts() -> Decision {
        guard let resource else { return refused(.resource) }
        guard principal.isIdentity, principal.kind != .root else { return allowed(.resource, by: resource) }
        guard identity != nil else { return refused(.identity) }
        return narrowed ?? allowed(.resource, by: resource)
    }

    /// The refusal of a boundary or session policy that does not allow.
    private var narrowed: Decision? {
        if hasBoundary, boundary == nil { return refused(.boundary) }
        if hasSession, session == nil { return refused(.session) }
        return nil
    }

    private func allowed(_ source: Decision.Source, by grant: Grant?) -> Decision {
        Decision(outcome: .allowed, source: source, decider: grant?.decider)
    }

    private func refused(_ source: Decision.Source) -> Decision {
        Decision(outcome: .implicitlyDenied, source: source, decider: nil)
    }
}
