import IAM
import ServiceKit

/// Gives the holder of an identity provider's token temporary credentials of a role that trusts the provider.
///
/// [API reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html)
struct AssumeRoleWithWebIdentity: AWSOperation {
    struct Input: InputShape {
        let roleARN: String
        let sessionName: String
        let token: String
        let policies: SessionPolicies
        let seconds: Int?

        init(_ member: Members) throws {
            roleARN = try member("RoleArn")
            sessionName = try member("RoleSessionName")
            token = try member("WebIdentityToken")
            policies = try SessionPolicies(member)
            seconds = try member("DurationSeconds")
        }
    }

    struct Output: OutputShape {
        let credentials: SessionCredentials
        let identity: WebIdentity
        let packedPolicySize: Int?

        func write(to json: inout JSONWriter) {
            json.member("Credentials", credentials)
            json.member("SubjectFromWebIdentityToken", identity.subject)
            json.member("AssumedRoleUser", AssumedRoleUser(caller: credentials.caller))
            json.member("PackedPolicySize", packedPolicySize)
            json.member("Provider", identity.provider)
            json.member("Audience", identity.audience)
        }
    }

    let sessions: RoleSessions
    let identities: WebIdentities

    /// The token speaks for its holder; whether the role trusts it, `perform` asks the trust policy.
    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let role = ARN(input.roleARN), role.service == "iam" else {
            throw ServiceError.validation("\(input.roleARN) is invalid")
        }
        let identity = try await identities.verify(input.token, for: role.account, at: call.now)
        var wish = RoleSessions.Wish(named: input.sessionName)
        wish.seconds = input.seconds
        wish.policies = try await input.policies.documents(in: role.account, sessions.roles)
        let credentials = try await sessions.start(
            input.roleARN, forWebIdentityOf: identity.provider, context: identity.context, wish, in: call)
        return Output(credentials: credentials, identity: identity, packedPolicySize: input.policies.percent)
    }
}
