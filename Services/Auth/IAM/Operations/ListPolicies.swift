import ServiceKit

/// Lists managed policies: the account's, AWS's, or both.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html)
struct ListPolicies: AWSOperation {
    struct Input: InputShape {
        let scope: String
        let onlyAttached: Bool
        let pathPrefix: String
        let usage: String?
        let page: PageInput

        init(_ member: Members) throws {
            scope = try member("Scope") ?? "All"
            onlyAttached = try member("OnlyAttached") ?? false
            pathPrefix = try member("PathPrefix") ?? "/"
            usage = try member("PolicyUsageFilter")
            page = try PageInput(member)
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<ManagedPolicyOutput> {
        let outputs = try await store.read { snapshot in
            var policies = input.scope == "Local" ? [] : AWSManagedPolicies.all.map(\.policy)
            if input.scope != "AWS" { policies = try snapshot.policies(of: call.account) + policies }
            return try policies.filter { $0.path.hasPrefix(input.pathPrefix) }
                .map { try snapshot.output($0, in: call.account, isDetailed: false) }
        }
        let chosen = outputs.filter { output in
            switch input.usage {
            case "PermissionsBoundary": output.boundaryCount > 0
            case "PermissionsPolicy": output.attachmentCount > 0
            default: !input.onlyAttached || output.attachmentCount > 0
            }
        }
        let scope = "ListPolicies \(call.account) \(input.scope) \(input.pathPrefix)"
        let page = try input.page.page(whole: chosen, of: scope, sealedBy: store.pages, position: \.policy.arn)
        return PageOutput(member: "Policies", page: page)
    }
}
