import ServiceKit

/// Accepts a mail that another part of Apus writes: codes, invitations, topic notifications. One token, one mail.
struct QueueSystemEmail: AWSOperation {
    struct Input: InputShape {
        let token: String
        let to: String
        let subject: String
        let text: String

        init(_ member: Members) throws {
            token = try member("Token")
            to = try member("To")
            subject = try member("Subject")
            text = try member("Text")
        }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> SendEmailOutput {
        let id = Outgoing.makeID()
        let sender = try EmailAddress(store.systemSender)
        let recipient = try EmailAddress(input.to)
        let message = MIMEMessage(
            id: id, date: call.now, from: sender, destination: Destination(to: [recipient]), subject: input.subject,
            text: input.text, html: nil)
        let data = try message.encoded()
        let store = store
        let accepted = try await store.write { transaction in
            try transaction.enqueue(
                data, id: id, from: sender.mailbox, to: [recipient.mailbox], content: message.content,
                token: input.token, in: store, call)
        }
        return SendEmailOutput(messageId: accepted)
    }
}
