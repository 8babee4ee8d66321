import ServiceKit

/// Reads a policy written into a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html)
struct GetRolePolicy: AWSOperation {
    typealias Input = InlinePolicyInput<OfRole>

    struct Output: OutputShape {
        let role: String
        let policy: String
        let document: String

        func write(to json: inout JSONWriter) {
            json.member("RoleName", role)
            json.member("PolicyName", policy)
            json.member("PolicyDocument", PercentEncoding.string(document))
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            let role = try snapshot.requireIdentity(.role, input.name, of: call.account)
            guard let document = try snapshot.inlinePolicy(input.policy, of: role) else {
                throw ServiceError.inlinePolicyNotFound(.role, input.policy)
            }
            return Output(role: role.name, policy: input.policy, document: document)
        }
    }
}
