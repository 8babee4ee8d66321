import ServiceKit

/// Lists the instance profiles of the account.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html)
struct ListInstanceProfiles: AWSOperation {
    typealias Input = PathPageInput

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: "arn:aws:iam::\(call.account):instance-profile\(input.pathPrefix)", owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<InstanceProfileOutput> {
        let profiles = try await store.read { snapshot in
            try snapshot.instanceProfiles(of: call.account).filter { $0.path.hasPrefix(input.pathPrefix) }
                .map(snapshot.output)
        }
        let scope = "ListInstanceProfiles \(call.account) \(input.pathPrefix)"
        let page = try input.page.page(whole: profiles, of: scope, sealedBy: store.pages, position: \.profile.name)
        return PageOutput(member: "InstanceProfiles", page: page)
    }
}
