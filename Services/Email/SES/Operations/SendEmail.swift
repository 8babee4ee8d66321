import ServiceKit

/// Composes a mail and accepts it for delivery.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html)
struct SendEmail: AWSOperation {
    struct Input: InputShape {
        let source: String
        let destination: Destination
        let replyToAddresses: [String]
        let message: Message

        init(_ member: Members) throws {
            source = try member("Source")
            destination = try member("Destination")
            replyToAddresses = try member("ReplyToAddresses") ?? []
            message = try member("Message")
        }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("ses:SendEmail", on: identityARN(input.source, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> SendEmailOutput {
        let mail = Outgoing(
            from: try EmailAddress(input.source), destination: input.destination,
            replyTo: try input.replyToAddresses.map(EmailAddress.init), subject: input.message.subject,
            text: input.message.text, html: input.message.html)
        return SendEmailOutput(messageId: try await mail.send(by: store, in: call))
    }
}

/// Subject and body, as both API generations give them.
struct Message: InputShape {
    let subject: String
    let text: String?
    let html: String?

    init(_ member: Members) throws {
        let subject: Content = try member("Subject")
        let body: Body = try member("Body")
        self.subject = subject.data
        text = body.text?.data
        html = body.html?.data
    }

    private struct Body: InputShape {
        let text: Content?
        let html: Content?
        init(_ member: Members) throws {
            text = try member("Text")
            html = try member("Html")
        }
    }

    private struct Content: InputShape {
        let data: String
        init(_ member: Members) throws { data = try member("Data") }
    }
}

/// The identifier of an accepted mail; its `Message-ID` begins with it.
struct SendEmailOutput: OutputShape {
    let messageId: String
    func write(to json: inout JSONWriter) { json.member("MessageId", messageId) }
}
