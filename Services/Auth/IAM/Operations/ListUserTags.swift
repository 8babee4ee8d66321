import ServiceKit

/// Lists the tags of a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html)
struct ListUserTags: AWSOperation {
    typealias Input = IdentityPageInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Tag> {
        let user = try await store.read { try $0.requireIdentity(.user, input.name, of: call.account) }
        let scope = "ListUserTags \(call.account) \(input.name)"
        let page = try input.page.page(whole: user.tags, of: scope, sealedBy: store.pages, position: \.key)
        return PageOutput(member: "Tags", page: page)
    }
}
