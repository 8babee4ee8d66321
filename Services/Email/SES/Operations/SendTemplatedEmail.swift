import ServiceKit

/// Fills a template and accepts the mail for delivery.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_SendTemplatedEmail.html)
struct SendTemplatedEmail: AWSOperation {
    struct Input: InputShape {
        let source: String
        let destination: Destination
        let replyToAddresses: [String]
        let template: String
        let templateData: String

        init(_ member: Members) throws {
            source = try member("Source")
            destination = try member("Destination")
            replyToAddresses = try member("ReplyToAddresses") ?? []
            template = try member("Template")
            templateData = try member("TemplateData")
        }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("ses:SendTemplatedEmail", on: identityARN(input.source, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> SendEmailOutput {
        let template = try await store.read { try $0.template(input.template, in: call) }
        let (subject, text, html) = try template.render(input.templateData)
        let mail = Outgoing(
            from: try EmailAddress(input.source), destination: input.destination,
            replyTo: try input.replyToAddresses.map(EmailAddress.init), subject: subject, text: text, html: html)
        return SendEmailOutput(messageId: try await mail.send(by: store, in: call))
    }
}
