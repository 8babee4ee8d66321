import ServiceKit

/// Reads a policy written into a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html)
struct GetUserPolicy: AWSOperation {
    typealias Input = InlinePolicyInput<OfUser>

    struct Output: OutputShape {
        let user: String
        let policy: String
        let document: String

        func write(to json: inout JSONWriter) {
            json.member("UserName", user)
            json.member("PolicyName", policy)
            json.member("PolicyDocument", PercentEncoding.string(document))
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            let user = try snapshot.requireIdentity(.user, input.name, of: call.account)
            guard let document = try snapshot.inlinePolicy(input.policy, of: user) else {
                throw ServiceError.inlinePolicyNotFound(.user, input.policy)
            }
            return Output(user: user.name, policy: input.policy, document: document)
        }
    }
}
