import ServiceKit

/// Takes the right to send from an address or domain.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_DeleteIdentity.html)
struct DeleteIdentity: AWSOperation {
    struct Input: InputShape {
        let identity: String
        init(_ member: Members) throws { identity = try member("Identity") }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write { try $0.deleteIdentity(input.identity, in: call) }
        return NoOutput()
    }
}
