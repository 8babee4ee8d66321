import ServiceKit

/// The newest mail, for the developer's inbox.
struct ListInbox: AWSOperation {
    struct Input: InputShape {
        let recipient: String?
        let limit: Int

        init(_ member: Members) throws {
            recipient = try member("Recipient")
            limit = min(max(try member("Limit") ?? 100, 1), 1000)
        }
    }

    struct Output: OutputShape {
        let mails: [QueuedMail]
        func write(to json: inout JSONWriter) { json.member("messages", mails) }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(mails: try await store.read { try $0.inbox(to: input.recipient, limit: input.limit) })
    }
}
