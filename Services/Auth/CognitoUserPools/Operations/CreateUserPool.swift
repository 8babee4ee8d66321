import ServiceKit

/// Creates a pool and the key its tokens are signed with.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html)
struct CreateUserPool: AWSOperation {
    struct Input: InputShape {
        let poolName: String
        let schema: JSONValue?
        var settings: StoredMembers

        init(_ member: Members) throws {
            poolName = try member("PoolName")
            schema = try member("Schema")
            settings = try StoredMembers(member, names: UserPool.settingNames)
        }
    }

    struct Output: OutputShape {
        let pool: UserPool
        func write(to json: inout JSONWriter) { json.member("UserPool", pool) }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        var settings = input.settings
        settings.setDefault("MfaConfiguration", "OFF")
        settings.setDefault("DeletionProtection", "INACTIVE")
        settings.setDefault("UserPoolTier", "ESSENTIALS")
        if let schema = input.schema { settings.set("SchemaAttributes", schema) }
        let pool = UserPool(
            id: UserPool.makeID(in: call.region), region: call.region, account: call.account, name: input.poolName,
            settings: settings, created: call.now, modified: call.now)
        // Making a key takes a while: not while others wait for the writer.
        let keyID = Base64.string(SecureRandom.bytes(32), .standard)
        let pem = try RSA.PrivateKey().pem
        let sealed = try store.masterKey.seal(Array(pem.utf8), for: "key \(keyID)")
        try await store.write { transaction in
            try transaction.insert(pool)
            try transaction.insertKey(keyID, of: pool, sealed: sealed)
        }
        return Output(pool: pool)
    }
}
