import ServiceKit

/// Creates a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html)
struct CreateRole: AWSOperation {
    struct Input: InputShape {
        let name: String
        let path: String?
        let boundary: String?
        let tags: [Tag]
        let trustPolicy: String
        let description: String?
        let maxSessionSeconds: Int

        init(_ member: Members) throws {
            name = try member("RoleName")
            path = try member("Path")
            boundary = try member("PermissionsBoundary")
            tags = try member("Tags") ?? []
            trustPolicy = try member("AssumeRolePolicyDocument")
            description = try member("Description")
            maxSessionSeconds = try member("MaxSessionDuration") ?? Identity.defaultSessionSeconds
        }
    }

    struct Output: OutputShape {
        let role: Identity
        func write(to json: inout JSONWriter) { json.member("Role", IdentityOutput(identity: role)) }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let arn = "arn:aws:iam::\(call.account):role\(input.path ?? "/")\(input.name)"
        return [Permission(on: arn, owner: call.account, context: context(of: input))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try IAMStore.check(input.trustPolicy, as: .trust)
        let role = Identity(
            .role, named: input.name, path: input.path, in: call, boundary: input.boundary,
            tags: try input.tags.checked(),
            role: .init(
                trustPolicy: input.trustPolicy, description: input.description,
                maxSessionSeconds: input.maxSessionSeconds))
        try await store.change { transaction in
            if let boundary = input.boundary { _ = try transaction.requirePolicy(boundary, in: call.account) }
            try transaction.insert(role)
        }
        return Output(role: role)
    }

    private func context(of input: Input) -> [String: [String]] {
        var context = TagContext.request(input.tags)
        if let boundary = input.boundary { context["iam:PermissionsBoundary"] = [boundary] }
        return context
    }
}
