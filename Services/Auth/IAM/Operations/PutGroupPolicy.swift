import ServiceKit

/// Writes a policy into a group.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html)
struct PutGroupPolicy: AWSOperation {
    typealias Input = PutPolicyInput<OfGroup>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.group, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try IAMStore.check(input.document, as: .identity)
        try await store.change { transaction in
            let group = try transaction.requireIdentity(.group, input.name, of: call.account)
            try transaction.putInlinePolicy(input.policy, input.document, on: group)
            let size = try transaction.inlinePolicies(of: group).reduce(0) { $0 + $1.text.significantCount }
            guard size <= 5120 else {
                throw ServiceError.limitExceeded("Maximum policy size of 5120 bytes exceeded for group \(group.name)")
            }
        }
        return NoOutput()
    }
}
