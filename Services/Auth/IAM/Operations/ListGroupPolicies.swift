import ServiceKit

/// Lists the names of the policies written into a group.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupPolicies.html)
struct ListGroupPolicies: AWSOperation {
    typealias Input = IdentityPageInput<OfGroup>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.group, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<String> {
        let names = try await store.read { snapshot in
            let group = try snapshot.requireIdentity(.group, input.name, of: call.account)
            return try snapshot.inlinePolicies(of: group).map(\.name)
        }
        let scope = "ListGroupPolicies \(call.account) \(input.name)"
        let page = try input.page.page(whole: names, of: scope, sealedBy: store.pages) { $0 }
        return PageOutput(member: "PolicyNames", page: page)
    }
}
