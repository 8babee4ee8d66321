import ServiceKit

/// Reads a group and the users in it.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroup.html)
struct GetGroup: AWSOperation {
    typealias Input = IdentityPageInput<OfGroup>

    struct Output: OutputShape {
        let group: Identity
        let users: PageOutput<IdentityOutput>

        func write(to json: inout JSONWriter) {
            json.member("Group", IdentityOutput(identity: group))
            users.write(to: &json)
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.group, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let scope = "GetGroup \(call.account) \(input.name)"
        let start = try input.page.start(of: scope, sealedBy: store.pages)
        let (group, users) = try await store.read { snapshot in
            let group = try snapshot.requireIdentity(.group, input.name, of: call.account)
            let users = try snapshot.users(in: group.name, of: call.account, after: start, limit: input.page.limit + 1)
            return (group, users)
        }
        let page = input.page.page(window: users, of: scope, sealedBy: store.pages, position: \.name)
        return Output(
            group: group,
            users: PageOutput(member: "Users", page: page.map { IdentityOutput(identity: $0, isDetailed: false) }))
    }
}
