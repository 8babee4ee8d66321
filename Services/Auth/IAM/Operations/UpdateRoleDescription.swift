import ServiceKit

/// Changes the description of a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRoleDescription.html)
struct UpdateRoleDescription: AWSOperation {
    struct Input: InputShape {
        let name: String
        let description: String

        init(_ member: Members) throws {
            name = try member("RoleName")
            description = try member("Description")
        }
    }
    typealias Output = CreateRole.Output

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let role = try await store.change { transaction in
            var role = try transaction.requireIdentity(.role, input.name, of: call.account)
            role.role?.description = input.description
            try transaction.update(role)
            return role
        }
        return Output(role: role)
    }
}
