import ServiceKit

/// Creates an instance profile, without a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html)
struct CreateInstanceProfile: AWSOperation {
    struct Input: InputShape {
        let name: String
        let path: String?
        let tags: [Tag]

        init(_ member: Members) throws {
            name = try member("InstanceProfileName")
            path = try member("Path")
            tags = try member("Tags") ?? []
        }
    }

    struct Output: OutputShape {
        let profile: InstanceProfileOutput
        func write(to json: inout JSONWriter) { json.member("InstanceProfile", profile) }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: "arn:aws:iam::\(call.account):instance-profile/\(input.name)", owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let profile = InstanceProfile(
            account: call.account, name: input.name, path: input.path ?? "/",
            uniqueID: Identifier.unique(prefix: "AIPA", length: 21), created: Timestamp(seconds: call.now.seconds),
            role: nil, tags: try input.tags.checked())
        try await store.database.write { try $0.insert(profile) }
        return Output(profile: InstanceProfileOutput(profile: profile, role: nil))
    }
}
