import ServiceKit

/// Which mails of the inbox are asked for.
struct InboxQuery: InputShape {
    let id: String?
    /// The sender's mailbox.
    let source: String?
    let recipient: String?
    let limit: Int

    init(_ member: Members) throws {
        id = try member("Id")
        source = try member("Source")
        recipient = try member("Recipient")
        limit = min(max(try member("Limit") ?? 100, 1), 1000)
    }
}

/// `{"messages":[…]}`
struct InboxPage: OutputShape {
    let mails: [QueuedMail]
    func write(to json: inout JSONWriter) { json.member("messages", mails) }
}

/// The newest mail of every account, for whoever runs the stack.
struct ListInbox: AWSOperation {
    let store: MailStore

    func permissions(for input: InboxQuery, in call: Call) -> [Permission] { [] }

    func perform(_ input: InboxQuery, in call: Call) async throws -> InboxPage {
        InboxPage(mails: try await store.read { try $0.inbox(input, of: nil) })
    }
}
