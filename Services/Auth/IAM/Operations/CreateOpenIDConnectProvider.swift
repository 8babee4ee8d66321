import ServiceKit

/// Makes a provider of web identities known, so that roles may trust it.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html)
struct CreateOpenIDConnectProvider: AWSOperation {
    struct Input: InputShape {
        let url: String
        let clientIDs: [String]
        let thumbprints: [String]
        let tags: [Tag]

        init(_ member: Members) throws {
            url = try member("Url")
            clientIDs = try member("ClientIDList") ?? []
            thumbprints = try member("ThumbprintList") ?? []
            tags = try member("Tags") ?? []
        }
    }

    struct Output: OutputShape {
        let provider: OIDCProvider

        func write(to json: inout JSONWriter) {
            json.member("OpenIDConnectProviderArn", provider.arn)
            if !provider.tags.isEmpty { json.member("Tags", provider.tags) }
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let host = (try? OIDCProvider.host(of: input.url)) ?? input.url
        return [Permission(on: "arn:aws:iam::\(call.account):oidc-provider/\(host)", owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let provider = OIDCProvider(
            account: call.account, host: try OIDCProvider.host(of: input.url), clientIDs: input.clientIDs,
            thumbprints: input.thumbprints, created: Timestamp(seconds: call.now.seconds),
            tags: try input.tags.checked())
        try await store.database.write { try $0.insert(provider) }
        return Output(provider: provider)
    }
}
