import ServiceKit

/// Puts a role into an instance profile, which holds one.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html)
struct AddRoleToInstanceProfile: AWSOperation {
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
            let role = try transaction.requireIdentity(.role, input.role, of: call.account)
            guard profile.role == nil else { throw ServiceError.quota("InstanceSessionsPerInstanceProfile", 1) }
            try transaction.setRole(role.name, of: profile)
        }
        return NoOutput()
    }
}
