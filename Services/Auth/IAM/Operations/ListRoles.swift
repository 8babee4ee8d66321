import ServiceKit

/// Lists the roles of the account.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html)
struct ListRoles: AWSOperation {
    typealias Input = PathPageInput

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: "arn:aws:iam::\(call.account):role\(input.pathPrefix)", owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<IdentityOutput> {
        let scope = "ListRoles \(call.account) \(input.pathPrefix)"
        let start = try input.page.start(of: scope, sealedBy: store.pages)
        let roles = try await store.read { snapshot in
            try snapshot.identities(
                .role, of: call.account, pathPrefix: input.pathPrefix, after: start, limit: input.page.limit + 1)
        }
        let page = input.page.page(window: roles, of: scope, sealedBy: store.pages, position: \.name)
        return PageOutput(member: "Roles", page: page.map { IdentityOutput(identity: $0, isDetailed: false) })
    }
}
