import ServiceKit

/// Lists the names of the policies written into a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html)
struct ListRolePolicies: AWSOperation {
    typealias Input = IdentityPageInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<String> {
        let names = try await store.read { snapshot in
            let role = try snapshot.requireIdentity(.role, input.name, of: call.account)
            return try snapshot.inlinePolicies(of: role).map(\.name)
        }
        let scope = "ListRolePolicies \(call.account) \(input.name)"
        let page = try input.page.page(whole: names, of: scope, sealedBy: store.pages) { $0 }
        return PageOutput(member: "PolicyNames", page: page)
    }
}
