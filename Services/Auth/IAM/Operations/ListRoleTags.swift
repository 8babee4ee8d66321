import ServiceKit

/// Lists the tags of a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html)
struct ListRoleTags: AWSOperation {
    typealias Input = IdentityPageInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Tag> {
        let role = try await store.read { try $0.requireIdentity(.role, input.name, of: call.account) }
        let scope = "ListRoleTags \(call.account) \(input.name)"
        let page = try input.page.page(whole: role.tags, of: scope, sealedBy: store.pages, position: \.key)
        return PageOutput(member: "Tags", page: page)
    }
}
