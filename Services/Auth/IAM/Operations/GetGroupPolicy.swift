import ServiceKit

/// Reads a policy written into a group.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroupPolicy.html)
struct GetGroupPolicy: AWSOperation {
    typealias Input = InlinePolicyInput<OfGroup>

    struct Output: OutputShape {
        let group: String
        let policy: String
        let document: String

        func write(to json: inout JSONWriter) {
            json.member("GroupName", group)
            json.member("PolicyName", policy)
            json.member("PolicyDocument", PercentEncoding.string(document))
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.group, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            let group = try snapshot.requireIdentity(.group, input.name, of: call.account)
            guard let document = try snapshot.inlinePolicy(input.policy, of: group) else {
                throw ServiceError.inlinePolicyNotFound(.group, input.policy)
            }
            return Output(group: group.name, policy: input.policy, document: document)
        }
    }
}
