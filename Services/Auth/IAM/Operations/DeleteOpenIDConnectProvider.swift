import ServiceKit

/// Forgets a provider of web identities.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html)
struct DeleteOpenIDConnectProvider: AWSOperation {
    struct Input: InputShape {
        let arn: String
        init(_ member: Members) throws { arn = try member("OpenIDConnectProviderArn") }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            try transaction.delete(transaction.requireOIDCProvider(arn: input.arn, of: call.account))
        }
        return NoOutput()
    }
}
