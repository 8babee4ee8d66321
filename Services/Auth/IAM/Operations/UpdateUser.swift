import ServiceKit

/// Gives a user another name or path.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html)
struct UpdateUser: AWSOperation {
    struct Input: InputShape {
        let name: String
        let newName: String?
        let newPath: String?

        init(_ member: Members) throws {
            name = try member("UserName")
            newName = try member("NewUserName")
            newPath = try member("NewPath")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.changeCredentials(nil) { transaction in
            var user = try transaction.requireIdentity(.user, input.name, of: call.account)
            if let path = input.newPath {
                user.path = path
                try transaction.update(user)
            }
            if let name = input.newName { try transaction.rename(user, to: name) }
        }
        return NoOutput()
    }
}
