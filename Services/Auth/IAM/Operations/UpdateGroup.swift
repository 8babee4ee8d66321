import ServiceKit

/// Gives a group another name or path.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html)
struct UpdateGroup: AWSOperation {
    struct Input: InputShape {
        let name: String
        let newName: String?
        let newPath: String?

        init(_ member: Members) throws {
            name = try member("GroupName")
            newName = try member("NewGroupName")
            newPath = try member("NewPath")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.group, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.changeCredentials(nil) { transaction in
            var group = try transaction.requireIdentity(.group, input.name, of: call.account)
            if let path = input.newPath {
                group.path = path
                try transaction.update(group)
            }
            if let name = input.newName { try transaction.rename(group, to: name) }
        }
        return NoOutput()
    }
}
