import ServiceKit

/// Deletes an instance profile that has no role any more.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html)
struct DeleteInstanceProfile: AWSOperation {
    struct Input: InputShape {
        let name: String
        init(_ member: Members) throws { name = try member("InstanceProfileName") }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: "arn:aws:iam::\(call.account):instance-profile/\(input.name)", owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            let profile = try transaction.requireInstanceProfile(input.name, of: call.account)
            guard profile.role == nil else { throw ServiceError.mustLeaveProfiles }
            try transaction.delete(profile)
        }
        return NoOutput()
    }
}
