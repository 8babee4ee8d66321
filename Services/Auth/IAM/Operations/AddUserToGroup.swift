import ServiceKit

/// Puts a user into a group.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html)
struct AddUserToGroup: AWSOperation {
    struct Input: InputShape {
        let group: String
        let user: String

        init(_ member: Members) throws {
            group = try member("GroupName")
            user = try member("UserName")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.group, input.group, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            let group = try transaction.requireIdentity(.group, input.group, of: call.account)
            let user = try transaction.requireIdentity(.user, input.user, of: call.account)
            try transaction.addMember(user, to: group)
        }
        return NoOutput()
    }
}
