import ServiceKit

/// Lists the tags of a managed policy.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyTags.html)
struct ListPolicyTags: AWSOperation {
    struct Input: InputShape {
        let arn: String
        let page: PageInput

        init(_ member: Members) throws {
            arn = try member("PolicyArn")
            page = try PageInput(member)
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Tag> {
        let policy = try await store.read { try $0.requirePolicy(input.arn, in: call.account) }
        let scope = "ListPolicyTags \(call.account) \(input.arn)"
        let page = try input.page.page(whole: policy.tags, of: scope, sealedBy: store.pages, position: \.key)
        return PageOutput(member: "Tags", page: page)
    }
}
