import ServiceKit

/// Changes the description and the longest session of a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html)
struct UpdateRole: AWSOperation {
    struct Input: InputShape {
        let name: String
        let description: String?
        let maxSessionSeconds: Int?

        init(_ member: Members) throws {
            name = try member("RoleName")
            description = try member("Description")
            maxSessionSeconds = try member("MaxSessionDuration")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            var role = try transaction.requireIdentity(.role, input.name, of: call.account)
            if let description = input.description { role.role?.description = description }
            if let seconds = input.maxSessionSeconds { role.role?.maxSessionSeconds = seconds }
            try transaction.update(role)
        }
        return NoOutput()
    }
}
