import ServiceKit

/// Gives someone outside credentials that have a part of the caller's permissions.
///
/// [API reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html)
struct GetFederationToken: AWSOperation {
    struct Input: InputShape {
        let name: String
        let policies: SessionPolicies
        let seconds: Int?
        let tags: [SessionTag]

        init(_ member: Members) throws {
            name = try member("Name")
            policies = try SessionPolicies(member)
            seconds = try member("DurationSeconds")
            tags = try member("Tags") ?? []
        }
    }

    struct Output: OutputShape {
        let credentials: SessionCredentials
        let packedPolicySize: Int?

        func write(to json: inout JSONWriter) {
            json.member("Credentials", credentials)
            json.member("FederatedUser") { json in
                json.object { json in
                    json.member("FederatedUserId", credentials.caller.userID)
                    json.member("Arn", credentials.caller.arn)
                }
            }
            json.member("PackedPolicySize", packedPolicySize)
        }
    }

    private static let defaultSeconds = 43_200

    let sessions: RoleSessions

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let arn = "arn:aws:sts::\(call.account):federated-user/\(input.name)"
        return [Permission(on: arn, owner: call.account, context: input.tags.requestContext)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard call.caller.kind == .root || call.caller.accessKeyID?.hasPrefix("AKIA") == true else {
            throw ServiceError.sessionCredentials("GetFederationToken")
        }
        try input.tags.check()
        var context = call.caller.context
        for tag in input.tags { context[SessionTag.contextPrefix + tag.key] = [tag.value] }
        let caller = Caller(
            .federatedUser, account: call.account, arn: "arn:aws:sts::\(call.account):federated-user/\(input.name)",
            userID: "\(call.account):\(input.name)", policyARN: call.principal,
            sessionPolicies: try await input.policies.documents(in: call.account, sessions.roles), context: context)
        return Output(
            credentials: try sessions.start(caller, seconds: input.seconds ?? Self.defaultSeconds, at: call.now),
            packedPolicySize: input.policies.percent)
    }
}
