import ServiceKit

/// Deletes a group that has no users or policies any more.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html)
struct DeleteGroup: AWSOperation {
    typealias Input = IdentityInput<OfGroup>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.group, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            let group = try transaction.requireIdentity(.group, input.name, of: call.account)
            guard try transaction.users(in: group.name, of: call.account, after: "", limit: 1).isEmpty else {
                throw ServiceError.mustRemoveUsers
            }
            try transaction.requireNoPolicies(of: group)
            try transaction.delete(group)
        }
        return NoOutput()
    }
}
