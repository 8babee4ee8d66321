import ServiceKit

/// Lists the managed policies attached to a group.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedGroupPolicies.html)
struct ListAttachedGroupPolicies: AWSOperation {
    typealias Input = IdentityPathPageInput<OfGroup>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.group, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<AttachedPolicyOutput> {
        let policies = try await store.read { snapshot in
            let group = try snapshot.requireIdentity(.group, input.name, of: call.account)
            return try snapshot.attachedPolicies(of: group).filter { $0.contains(":policy\(input.pathPrefix)") }
        }
        let scope = "ListAttachedGroupPolicies \(call.account) \(input.name)"
        let page = try input.page.page(whole: policies, of: scope, sealedBy: store.pages) { $0 }
        return PageOutput(member: "AttachedPolicies", page: page.map(AttachedPolicyOutput.init))
    }
}
