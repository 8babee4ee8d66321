import ServiceKit

/// Lists the versions of a managed policy, the newest first.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html)
struct ListPolicyVersions: AWSOperation {
    struct Input: InputShape {
        let arn: String
        let page: PageInput

        init(_ member: Members) throws {
            arn = try member("PolicyArn")
            page = try PageInput(member)
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<PolicyVersionOutput> {
        let versions = try await store.read { snapshot in
            let policy = try snapshot.requirePolicy(input.arn, in: call.account)
            return try snapshot.versions(of: policy).map {
                PolicyVersionOutput(version: $0, isDefault: $0.number == policy.defaultVersion)
            }
        }
        let scope = "ListPolicyVersions \(call.account) \(input.arn)"
        let page = try input.page.page(whole: versions, of: scope, sealedBy: store.pages, position: \.version.id)
        return PageOutput(member: "Versions", page: page)
    }
}
