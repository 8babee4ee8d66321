import ServiceKit

/// Lists the names of the policies written into a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html)
struct ListUserPolicies: AWSOperation {
    typealias Input = IdentityPageInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<String> {
        let names = try await store.read { snapshot in
            let user = try snapshot.requireIdentity(.user, input.name, of: call.account)
            return try snapshot.inlinePolicies(of: user).map(\.name)
        }
        let scope = "ListUserPolicies \(call.account) \(input.name)"
        let page = try input.page.page(whole: names, of: scope, sealedBy: store.pages) { $0 }
        return PageOutput(member: "PolicyNames", page: page)
    }
}
