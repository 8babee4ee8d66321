import ServiceKit

/// Replaces the policy that says who may assume a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html)
struct UpdateAssumeRolePolicy: AWSOperation {
    struct Input: InputShape {
        let name: String
        let document: String

        init(_ member: Members) throws {
            name = try member("RoleName")
            document = try member("PolicyDocument")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try IAMStore.check(input.document, as: .trust)
        try await store.change { transaction in
            var role = try transaction.requireIdentity(.role, input.name, of: call.account)
            role.role?.trustPolicy = input.document
            try transaction.update(role)
        }
        return NoOutput()
    }
}
