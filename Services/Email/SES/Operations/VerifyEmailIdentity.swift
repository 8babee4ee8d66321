import ServiceKit

/// Lets an address send. It is verified at once: whoever may call this owns the machine's mail.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_VerifyEmailIdentity.html)
struct VerifyEmailIdentity: AWSOperation {
    struct Input: InputShape {
        let emailAddress: String
        init(_ member: Members) throws { emailAddress = try member("EmailAddress") }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try EmailAddress(input.emailAddress)
        try await store.write { try $0.verify(address.mailbox, in: call) }
        return NoOutput()
    }
}
