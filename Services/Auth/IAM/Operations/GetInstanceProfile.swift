import ServiceKit

/// Reads an instance profile and its role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html)
struct GetInstanceProfile: AWSOperation {
    struct Input: InputShape {
        let name: String
        init(_ member: Members) throws { name = try member("InstanceProfileName") }
    }
    typealias Output = CreateInstanceProfile.Output

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: "arn:aws:iam::\(call.account):instance-profile/\(input.name)", owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            Output(profile: try snapshot.output(snapshot.requireInstanceProfile(input.name, of: call.account)))
        }
    }
}
