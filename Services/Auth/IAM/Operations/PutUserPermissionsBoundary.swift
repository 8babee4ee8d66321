import ServiceKit

/// Sets the managed policy that bounds what a user may be allowed.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html)
struct PutUserPermissionsBoundary: AWSOperation {
    typealias Input = BoundaryInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            var user = try transaction.requireIdentity(.user, input.name, of: call.account)
            user.boundary = try transaction.requirePolicy(input.boundary, in: call.account).arn
            try transaction.update(user)
        }
        return NoOutput()
    }
}
