import ServiceKit

/// Adds an audience that tokens of a provider may be for.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html)
struct AddClientIDToOpenIDConnectProvider: AWSOperation {
    struct Input: InputShape {
        let arn: String
        let clientID: String

        init(_ member: Members) throws {
            arn = try member("OpenIDConnectProviderArn")
            clientID = try member("ClientID")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            var provider = try transaction.requireOIDCProvider(arn: input.arn, of: call.account)
            if !provider.clientIDs.contains(input.clientID) { provider.clientIDs.append(input.clientID) }
            try transaction.put(provider)
        }
        return NoOutput()
    }
}
