import ServiceKit

/// Lists the users of the account.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html)
struct ListUsers: AWSOperation {
    typealias Input = PathPageInput

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: "arn:aws:iam::\(call.account):user\(input.pathPrefix)", owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<IdentityOutput> {
        let scope = "ListUsers \(call.account) \(input.pathPrefix)"
        let start = try input.page.start(of: scope, sealedBy: store.pages)
        let users = try await store.read { snapshot in
            try snapshot.identities(
                .user, of: call.account, pathPrefix: input.pathPrefix, after: start, limit: input.page.limit + 1)
        }
        let page = input.page.page(window: users, of: scope, sealedBy: store.pages, position: \.name)
        return PageOutput(member: "Users", page: page.map { IdentityOutput(identity: $0, isDetailed: false) })
    }
}
