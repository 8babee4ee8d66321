import ServiceKit

/// Registers an application with a pool.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html)
struct CreateUserPoolClient: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let clientName: String
        let generateSecret: Bool
        let clientSecret: String?
        let settings: StoredMembers

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            clientName = try member("ClientName")
            generateSecret = try member("GenerateSecret") ?? false
            clientSecret = try member("ClientSecret")
            settings = try StoredMembers(member, names: UserPoolClient.settingNames)
        }
    }

    struct Output: OutputShape {
        let client: UserPoolClient
        func write(to json: inout JSONWriter) { json.member("UserPoolClient", client) }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let store = store
        return try await store.write { transaction in
            let pool = try transaction.pool(input.userPoolId, in: call)
            var settings = input.settings
            settings.setDefaults()
            let client = UserPoolClient(
                id: UserPoolClient.makeID(), poolID: pool.id, name: input.clientName,
                secret: input.clientSecret ?? (input.generateSecret ? UserPoolClient.makeSecret() : nil),
                settings: settings, created: call.now, modified: call.now)
            try transaction.insert(client, store.masterKey)
            return Output(client: client)
        }
    }
}

extension StoredMembers {
    /// What AWS fills in for a client.
    mutating func setDefaults() {
        setDefault("RefreshTokenValidity", 30)
        setDefault("EnableTokenRevocation", true)
        setDefault("AllowedOAuthFlowsUserPoolClient", false)
        setDefault("AuthSessionValidity", 3)
        setDefault("EnablePropagateAdditionalUserContextData", false)
    }
}
