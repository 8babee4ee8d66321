import ServiceKit

/// Lists the groups a user is in.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html)
struct ListGroupsForUser: AWSOperation {
    typealias Input = IdentityPageInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<IdentityOutput> {
        let scope = "ListGroupsForUser \(call.account) \(input.name)"
        let start = try input.page.start(of: scope, sealedBy: store.pages)
        let groups = try await store.read { snapshot in
            let user = try snapshot.requireIdentity(.user, input.name, of: call.account)
            return try snapshot.groups(of: user.name, in: call.account, after: start, limit: input.page.limit + 1)
        }
        let page = input.page.page(window: groups, of: scope, sealedBy: store.pages, position: \.name)
        return PageOutput(member: "Groups", page: page.map { IdentityOutput(identity: $0, isDetailed: false) })
    }
}
