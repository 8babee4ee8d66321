import ServiceKit

/// Creates a group.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html)
struct CreateGroup: AWSOperation {
    struct Input: InputShape {
        let name: String
        let path: String?

        init(_ member: Members) throws {
            name = try member("GroupName")
            path = try member("Path")
        }
    }

    struct Output: OutputShape {
        let group: Identity
        func write(to json: inout JSONWriter) { json.member("Group", IdentityOutput(identity: group)) }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let arn = "arn:aws:iam::\(call.account):group\(input.path ?? "/")\(input.name)"
        return [Permission(on: arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let group = Identity(.group, named: input.name, path: input.path, in: call)
        try await store.change { transaction in
            try transaction.insert(group)
        }
        return Output(group: group)
    }
}
