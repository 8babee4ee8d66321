import ServiceKit

/// Lists the providers of web identities.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviders.html)
struct ListOpenIDConnectProviders: AWSOperation {
    struct Output: OutputShape {
        struct Entry: OutputShape {
            let arn: String
            func write(to json: inout JSONWriter) { json.member("Arn", arn) }
        }
        let entries: [Entry]
        func write(to json: inout JSONWriter) { json.member("OpenIDConnectProviderList", entries) }
    }

    let store: IAMStore

    func permissions(for input: NoInput, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: NoInput, in call: Call) async throws -> Output {
        let providers = try await store.read { try $0.oidcProviders(of: call.account) }
        return Output(entries: providers.map { Output.Entry(arn: $0.arn) })
    }
}
