import ServiceKit

/// Lists the managed policies attached to a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html)
struct ListAttachedUserPolicies: AWSOperation {
    typealias Input = IdentityPathPageInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<AttachedPolicyOutput> {
        let policies = try await store.read { snapshot in
            let user = try snapshot.requireIdentity(.user, input.name, of: call.account)
            return try snapshot.attachedPolicies(of: user).filter { $0.contains(":policy\(input.pathPrefix)") }
        }
        let scope = "ListAttachedUserPolicies \(call.account) \(input.name)"
        let page = try input.page.page(whole: policies, of: scope, sealedBy: store.pages) { $0 }
        return PageOutput(member: "AttachedPolicies", page: page.map(AttachedPolicyOutput.init))
    }
}
