import ServiceKit

/// Lists the managed policies attached to a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html)
struct ListAttachedRolePolicies: AWSOperation {
    typealias Input = IdentityPathPageInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<AttachedPolicyOutput> {
        let policies = try await store.read { snapshot in
            let role = try snapshot.requireIdentity(.role, input.name, of: call.account)
            return try snapshot.attachedPolicies(of: role).filter { $0.contains(":policy\(input.pathPrefix)") }
        }
        let scope = "ListAttachedRolePolicies \(call.account) \(input.name)"
        let page = try input.page.page(whole: policies, of: scope, sealedBy: store.pages) { $0 }
        return PageOutput(member: "AttachedPolicies", page: page.map(AttachedPolicyOutput.init))
    }
}
