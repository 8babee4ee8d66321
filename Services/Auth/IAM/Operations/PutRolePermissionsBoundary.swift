import ServiceKit

/// Sets the managed policy that bounds what a role may be allowed.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html)
struct PutRolePermissionsBoundary: AWSOperation {
    typealias Input = BoundaryInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            var role = try transaction.requireIdentity(.role, input.name, of: call.account)
            role.boundary = try transaction.requirePolicy(input.boundary, in: call.account).arn
            try transaction.update(role)
        }
        return NoOutput()
    }
}
