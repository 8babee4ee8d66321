import ServiceKit

/// Lets a domain send. It is verified at once: whoever may call this owns the machine's mail.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_VerifyDomainIdentity.html)
struct VerifyDomainIdentity: AWSOperation {
    struct Input: InputShape {
        let domain: String
        init(_ member: Members) throws { domain = try member("Domain") }
    }

    struct Output: OutputShape {
        let token: String
        func write(to json: inout JSONWriter) { json.member("VerificationToken", token) }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.write { try $0.verify(input.domain, in: call) }
        let token = HMAC.sha256(key: store.masterKey.derived("ses domain tokens"), input.domain.lowercased())
        return Output(token: Base64.string(token))
    }
}
