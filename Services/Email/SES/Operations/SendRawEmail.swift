import ServiceKit

/// Accepts a mail that the client wrote itself.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html)
struct SendRawEmail: AWSOperation {
    struct Input: InputShape {
        let source: String?
        let destinations: [String]
        let rawMessage: RawMessage

        init(_ member: Members) throws {
            source = try member("Source")
            destinations = try member("Destinations") ?? []
            rawMessage = try member("RawMessage")
        }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("ses:SendRawEmail", on: identityARN(input.source, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> SendEmailOutput {
        let id = try await Outgoing.send(
            try RawMail(input.rawMessage.data.bytes), from: try input.source.map(EmailAddress.init),
            to: try input.destinations.map(EmailAddress.init), by: store, in: call)
        return SendEmailOutput(messageId: id)
    }
}

struct RawMessage: InputShape {
    let data: Blob
    init(_ member: Members) throws { data = try member("Data") }
}
