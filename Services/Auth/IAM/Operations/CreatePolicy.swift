import ServiceKit

/// Creates a managed policy.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html)
struct CreatePolicy: AWSOperation {
    struct Input: InputShape {
        let name: String
        let path: String?
        let document: String
        let description: String?
        let tags: [Tag]

        init(_ member: Members) throws {
            name = try member("PolicyName")
            path = try member("Path")
            document = try member("PolicyDocument")
            description = try member("Description")
            tags = try member("Tags") ?? []
        }
    }

    struct Output: OutputShape {
        let policy: ManagedPolicyOutput
        func write(to json: inout JSONWriter) { json.member("Policy", policy) }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let arn = "arn:aws:iam::\(call.account):policy\(input.path ?? "/")\(input.name)"
        return [Permission(on: arn, owner: call.account, context: TagContext.request(input.tags))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try IAMStore.check(input.document, as: .identity)
        try ManagedPolicy.checkSize(input.document)
        let now = Timestamp(seconds: call.now.seconds)
        let policy = ManagedPolicy(
            account: call.account, name: input.name, path: input.path ?? "/",
            uniqueID: Identifier.unique(prefix: "ANPA", length: 21), description: input.description, created: now,
            updated: now, defaultVersion: 1, lastVersion: 1, tags: try input.tags.checked())
        try await store.change { try $0.insert(policy, document: input.document) }
        return Output(policy: ManagedPolicyOutput(policy: policy, attachmentCount: 0, boundaryCount: 0))
    }
}
