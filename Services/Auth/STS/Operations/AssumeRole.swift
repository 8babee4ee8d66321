import IAM
import ServiceKit

/// Gives the caller temporary credentials of a role whose trust policy lets it have them.
///
/// AWS refuses its root user here; ours may assume the roles of its own account, which it could rewrite anyway: tools
/// such as the CDK work with the credentials that a developer's stack begins with.
///
/// [API reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)
struct AssumeRole: AWSOperation {
    struct Input: InputShape {
        let roleARN: String
        let sessionName: String
        let policies: SessionPolicies
        let seconds: Int?
        let tags: [SessionTag]
        let transitiveKeys: [String]
        let externalID: String?
        let sourceIdentity: String?
        let factor: SecondFactor.Claim?

        init(_ member: Members) throws {
            roleARN = try member("RoleArn")
            sessionName = try member("RoleSessionName")
            policies = try SessionPolicies(member)
            seconds = try member("DurationSeconds")
            tags = try member("Tags") ?? []
            transitiveKeys = try member("TransitiveTagKeys") ?? []
            externalID = try member("ExternalId")
            sourceIdentity = try member("SourceIdentity")
            factor = try SecondFactor.Claim(member)
        }
    }

    struct Output: OutputShape {
        let credentials: SessionCredentials
        let packedPolicySize: Int?
        let sourceIdentity: String?

        func write(to json: inout JSONWriter) {
            json.member("Credentials", credentials)
            json.member("AssumedRoleUser", AssumedRoleUser(caller: credentials.caller))
            json.member("PackedPolicySize", packedPolicySize)
            json.member("SourceIdentity", sourceIdentity)
        }
    }

    /// Condition keys of a session whose tags go on to the roles it assumes in turn.
    private static let transitiveTagKeys = "sts:TransitiveTagKeys"
    private static let sourceIdentityKey = "aws:SourceIdentity"

    let sessions: RoleSessions
    let factor: SecondFactor

    /// A code is taken here, because trust policies ask for it; `perform` knows by then that it was good.
    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let role = try await sessions.roles.role(input.roleARN)
        var context = input.tags.requestContext
        if input.factor != nil {
            context.merge(try await factor.context(input.factor, of: call.caller, at: call.now)) { $1 }
        }
        context["sts:RoleSessionName"] = [input.sessionName]
        if let id = input.externalID { context["sts:ExternalId"] = [id] }
        if let identity = input.sourceIdentity { context["sts:SourceIdentity"] = [identity] }
        if !input.transitiveKeys.isEmpty { context[Self.transitiveTagKeys] = input.transitiveKeys }
        var actions = ["sts:AssumeRole"]
        if !input.tags.isEmpty { actions.append("sts:TagSession") }
        if input.sourceIdentity != nil { actions.append("sts:SetSourceIdentity") }
        return actions.map { action in
            Permission(
                action, on: input.roleARN, owner: ARN(input.roleARN)?.account ?? call.account,
                resourcePolicy: role?.trustPolicy, context: context)
        }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try input.tags.check()
        // Only root comes here for a role that does not exist: its trust policy is what lets others in.
        guard let role = try await sessions.roles.role(input.roleARN) else {
            throw ServiceError(
                "AccessDenied",
                "User: \(call.principal) is not authorized to perform: sts:AssumeRole on resource: \(input.roleARN)",
                status: 403)
        }
        var wish = RoleSessions.Wish(named: input.sessionName)
        wish.seconds = input.seconds
        wish.policies = try await input.policies.documents(in: role.account, sessions.roles)
        wish.isChained = call.caller.kind == .assumedRole
        wish.context = context(of: input, in: call)
        wish.context.merge(factor.inherited(by: input.factor, of: call.caller, at: call.now)) { $1 }
        return Output(
            credentials: try sessions.start(role, wish, at: call.now), packedPolicySize: input.policies.percent,
            sourceIdentity: wish.context[Self.sourceIdentityKey]?.first)
    }

    private func context(of input: Input, in call: Call) -> [String: [String]] {
        var context: [String: [String]] = [:]
        let inherited = call.caller.context
        let inheritedKeys = call.caller.kind == .assumedRole ? inherited[Self.transitiveTagKeys] ?? [] : []
        for tag in input.tags { context[SessionTag.contextPrefix + tag.key] = [tag.value] }
        for key in inheritedKeys {
            context[SessionTag.contextPrefix + key] = inherited[SessionTag.contextPrefix + key]
        }
        let transitive = inheritedKeys + input.transitiveKeys
        if !transitive.isEmpty { context[Self.transitiveTagKeys] = transitive }
        // Set once, a source identity goes with every role assumed after.
        let kept = inherited[Self.sourceIdentityKey] ?? input.sourceIdentity.map { [$0] }
        if let kept { context[Self.sourceIdentityKey] = kept }
        return context
    }

}
