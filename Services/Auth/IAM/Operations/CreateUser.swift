import ServiceKit

/// Creates a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html)
struct CreateUser: AWSOperation {
    struct Input: InputShape {
        let name: String
        let path: String?
        let boundary: String?
        let tags: [Tag]

        init(_ member: Members) throws {
            name = try member("UserName")
            path = try member("Path")
            boundary = try member("PermissionsBoundary")
            tags = try member("Tags") ?? []
        }
    }

    struct Output: OutputShape {
        let user: Identity
        func write(to json: inout JSONWriter) { json.member("User", IdentityOutput(identity: user)) }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let arn = "arn:aws:iam::\(call.account):user\(input.path ?? "/")\(input.name)"
        return [Permission(on: arn, owner: call.account, context: context(of: input))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let user = Identity(
            .user, named: input.name, path: input.path, in: call, boundary: input.boundary,
            tags: try input.tags.checked())
        try await store.change { transaction in
            if let boundary = input.boundary { _ = try transaction.requirePolicy(boundary, in: call.account) }
            try transaction.insert(user)
        }
        return Output(user: user)
    }

    private func context(of input: Input) -> [String: [String]] {
        var context = TagContext.request(input.tags)
        if let boundary = input.boundary { context["iam:PermissionsBoundary"] = [boundary] }
        return context
    }
}
