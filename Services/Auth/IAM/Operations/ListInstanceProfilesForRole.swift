import ServiceKit

/// Lists the instance profiles a role is in.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html)
struct ListInstanceProfilesForRole: AWSOperation {
    typealias Input = IdentityPageInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<InstanceProfileOutput> {
        let profiles = try await store.read { snapshot in
            let role = try snapshot.requireIdentity(.role, input.name, of: call.account)
            return try snapshot.instanceProfiles(of: call.account, role: role.name).map(snapshot.output)
        }
        let scope = "ListInstanceProfilesForRole \(call.account) \(input.name)"
        let page = try input.page.page(whole: profiles, of: scope, sealedBy: store.pages, position: \.profile.name)
        return PageOutput(member: "InstanceProfiles", page: page)
    }
}
