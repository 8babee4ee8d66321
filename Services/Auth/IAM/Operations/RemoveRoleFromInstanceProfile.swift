import ServiceKit

/// Takes the role out of an instance profile.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html)
struct RemoveRoleFromInstanceProfile: AWSOperation {
    struct Input: InputShape {
        let name: String
        let role: String

        init(_ member: Members) throws {
            name = try member("InstanceProfileName")
            role = try member("RoleName")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: "arn:aws:iam::\(call.account):instance-profile/\(input.name)", owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            let profile = try transaction.requireInstanceProfile(input.name, of: call.account)
            guard profile.role?.lowercased() == input.role.lowercased() else {
                throw ServiceError.notFound(.role, input.role)
            }
            try transaction.setRole(nil, of: profile)
        }
        return NoOutput()
    }
}
