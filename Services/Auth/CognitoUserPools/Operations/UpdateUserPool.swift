import ServiceKit

/// Replaces a pool's configuration; what is not given returns to its default.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html)
struct UpdateUserPool: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let poolName: String?
        let settings: StoredMembers

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            poolName = try member("PoolName")
            settings = try StoredMembers(member, names: UserPool.settingNames.filter { !UserPool.fixed.contains($0) })
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            var pool = try transaction.pool(input.userPoolId, in: call)
            var settings = input.settings
            for name in UserPool.fixed + ["SchemaAttributes", "UserPoolTier"] {
                if let value: JSONValue = try pool.settings.read(name) { settings.setDefault(name, value) }
            }
            settings.setDefault("MfaConfiguration", "OFF")
            settings.setDefault("DeletionProtection", "INACTIVE")
            pool.settings = settings
            pool.name = input.poolName ?? pool.name
            pool.modified = call.now
            try transaction.update(pool)
        }
        return NoOutput()
    }
}

extension UserPool {
    /// What is decided when a pool is created.
    static let fixed = ["AliasAttributes", "UsernameAttributes", "UsernameConfiguration"]
}
