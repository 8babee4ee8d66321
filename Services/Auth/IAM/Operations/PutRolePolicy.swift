import ServiceKit

/// Writes a policy into a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html)
struct PutRolePolicy: AWSOperation {
    typealias Input = PutPolicyInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try IAMStore.check(input.document, as: .identity)
        try await store.change { transaction in
            let role = try transaction.requireIdentity(.role, input.name, of: call.account)
            try transaction.putInlinePolicy(input.policy, input.document, on: role)
            let size = try transaction.inlinePolicies(of: role).reduce(0) { $0 + $1.text.significantCount }
            guard size <= 10240 else {
                throw ServiceError.limitExceeded("Maximum policy size of 10240 bytes exceeded for role \(role.name)")
            }
        }
        return NoOutput()
    }
}
