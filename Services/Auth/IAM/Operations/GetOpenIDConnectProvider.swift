import ServiceKit

/// Reads a provider of web identities.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html)
struct GetOpenIDConnectProvider: AWSOperation {
    struct Input: InputShape {
        let arn: String
        init(_ member: Members) throws { arn = try member("OpenIDConnectProviderArn") }
    }

    struct Output: OutputShape {
        let provider: OIDCProvider

        func write(to json: inout JSONWriter) {
            json.member("Url", provider.host)
            json.member("ClientIDList", provider.clientIDs)
            json.member("ThumbprintList", provider.thumbprints)
            json.member("CreateDate", provider.created)
            if !provider.tags.isEmpty { json.member("Tags", provider.tags) }
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(provider: try await store.read { try $0.requireOIDCProvider(arn: input.arn, of: call.account) })
    }
}
