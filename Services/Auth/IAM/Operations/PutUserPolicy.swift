import ServiceKit

/// Writes a policy into a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html)
struct PutUserPolicy: AWSOperation {
    typealias Input = PutPolicyInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try IAMStore.check(input.document, as: .identity)
        try await store.change { transaction in
            let user = try transaction.requireIdentity(.user, input.name, of: call.account)
            try transaction.putInlinePolicy(input.policy, input.document, on: user)
            let size = try transaction.inlinePolicies(of: user).reduce(0) { $0 + $1.text.significantCount }
            guard size <= 2048 else {
                throw ServiceError.limitExceeded("Maximum policy size of 2048 bytes exceeded for user \(user.name)")
            }
        }
        return NoOutput()
    }
}
