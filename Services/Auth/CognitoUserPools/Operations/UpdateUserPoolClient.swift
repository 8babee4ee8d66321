import ServiceKit

/// Replaces a client's configuration; what is not given returns to its default.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html)
struct UpdateUserPoolClient: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let clientId: String
        let clientName: String?
        let settings: StoredMembers

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            clientId = try member("ClientId")
            clientName = try member("ClientName")
            settings = try StoredMembers(member, names: UserPoolClient.settingNames)
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> CreateUserPoolClient.Output {
        let store = store
        return try await store.write { transaction in
            let pool = try transaction.pool(input.userPoolId, in: call)
            var client = try transaction.client(input.clientId, of: pool, store.masterKey)
            client.settings = input.settings
            client.settings.setDefaults()
            client.name = input.clientName ?? client.name
            client.modified = call.now
            try transaction.update(client)
            return CreateUserPoolClient.Output(client: client)
        }
    }
}
