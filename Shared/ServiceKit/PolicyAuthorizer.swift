import Bus
import Synchronization

/// Evaluates the policies of caller, session, boundary and resource, in AWS's order.
public final class PolicyAuthorizer: Authorizer {
    private static let sessionCapacity = 1000

    private let source: any PolicySource
    /// Session policies already parsed: one session sends the same text with every call.
    private let sessions = Mutex<[String: Policy]>([:])

    public init(source: any PolicySource) { self.source = source }

    public func require(
        _ permission: Permission, of service: AWSService, operation: String, in call: Call
    ) async throws {
        let action = permission.action ?? "\(service.actionPrefix):\(operation)"
        let decision = try await applicable(to: call.caller, permission).decide(request(permission, action, in: call))
        guard decision.isAllowed else {
            throw ServiceError.accessDenied(
                call, action, on: permission.resource, because: decision.reason(for: action), in: service)
        }
    }

    private func request(_ permission: Permission, _ action: String, in call: Call) -> AccessRequest {
        var request = AccessRequest(
            AccessPrincipal(call.caller), action, on: permission.resource, resourceAccount: permission.owner,
            at: call.now, context: permission.context)
        request.came(by: call)
        return request
    }

    public func identity(of caller: Caller, asksAbout keyPrefix: String) async throws -> Bool {
        let policies = try await own(of: caller)
        return (policies.identity + [policies.boundary].compactMap(\.self) + (policies.session ?? []))
            .contains { $0.asks(about: keyPrefix) }
    }

    private func applicable(to caller: Caller, _ permission: Permission) async throws -> ApplicablePolicies {
        var policies = caller.hasPolicies ? try await own(of: caller) : ApplicablePolicies()
        policies.resource = permission.resourcePolicy
        policies.resourceMustAllow = permission.resourceMustAllow
        return policies
    }

    /// Those that come with the caller, whatever is asked for.
    private func own(of caller: Caller) async throws -> ApplicablePolicies {
        var policies = ApplicablePolicies()
        switch caller.kind {
        case .root, .service, .anonymous: break
        case .user, .assumedRole, .federatedUser:
            let identity = try await source.policies(of: caller.policyARN ?? caller.arn)
            policies.identity = identity.policies
            policies.boundary = identity.boundary
        }
        // A federated user without policies of its own may do nothing; a role's session then has the role's.
        if !caller.sessionPolicies.isEmpty || caller.kind == .federatedUser {
            policies.session = try caller.sessionPolicies.map(session)
        }
        return policies
    }

    private func session(_ text: String) throws -> Policy {
        if let policy = sessions.withLock({ $0[text] }) { return policy }
        let policy = try Policy.parse(text, as: .identity, name: "session")
        sessions.withLock { sessions in
            if sessions.count >= PolicyAuthorizer.sessionCapacity { sessions.removeAll() }
            sessions[text] = policy
        }
        return policy
    }
}

extension Caller {
    /// Whether any policies come with the caller.
    fileprivate var hasPolicies: Bool {
        switch kind {
        case .root, .service, .anonymous: !sessionPolicies.isEmpty
        case .user, .assumedRole, .federatedUser: true
        }
    }
}

extension AccessRequest {
    /// Takes over where a call came from, and how.
    public mutating func came(by call: Call) {
        region = call.region
        sourceAddress = call.source.address
        isSecure = call.source.isSecure
        tlsVersion = call.source.tlsVersion
        userAgent = call.source.userAgent
        guard let visit = call.source.visit else { return }
        referer = visit.referer
        signature = visit.signature
    }
}

extension AccessPrincipal {
    /// A caller as policies know it.
    public init(_ caller: Caller) {
        let kind: Kind
        switch caller.kind {
        case .root: kind = .root
        case .user: kind = .user
        case .assumedRole: kind = .assumedRole
        case .federatedUser: kind = .federatedUser
        case .service: kind = .service
        case .anonymous: kind = .anonymous
        }
        self.init(
            kind, account: caller.account, arn: caller.arn,
            roleARN: kind == .assumedRole ? caller.policyARN : nil, userID: caller.userID, context: caller.context)
    }
}

extension ServiceHost {
    /// The authorizer of this executable's operations: identity policies come from auth and are dropped on its doorbell.
    func authorizer() -> any Authorizer {
        let policies = RemotePolicies(client: client)
        work("policy-doorbell") { [routes, security] in
            let bell = BusSubscriber(
                owners: ["auth"], topics: ["iam"], routes: routes, security: security,
                onConnect: { _ in policies.forgetAll() })
            defer { bell.close() }
            for await _ in bell.events { policies.forgetAll() }
        }
        return PolicyAuthorizer(source: policies)
    }
}
