import ServiceKit

/// The mail that carries a code, in the pool's words.
struct CodeMessage: Sendable, InputShape, OutputShape {
    let recipient: String
    let subject: String
    let text: String

    init(_ code: String, to recipient: String, from pool: UserPool) throws {
        self.recipient = recipient
        let template: [String: String] = try pool.settings.read("VerificationMessageTemplate") ?? [:]
        subject =
            try template["EmailSubject"] ?? pool.settings.read("EmailVerificationSubject")
            ?? "Your verification code"
        let body =
            try template["EmailMessage"] ?? pool.settings.read("EmailVerificationMessage")
            ?? "Your confirmation code is {####}"
        text = body.split(separator: "{####}", omittingEmptySubsequences: false).joined(separator: code)
    }

    init(invitationTo recipient: String, username: String, password: String) {
        self.recipient = recipient
        subject = "Your temporary password"
        text = "Your username is \(username) and temporary password is \(password)"
    }

    init(_ member: Members) throws {
        recipient = try member("To")
        subject = try member("Subject")
        text = try member("Text")
    }

    func write(to json: inout JSONWriter) {
        json.member("To", recipient)
        json.member("Subject", subject)
        json.member("Text", text)
    }
}

extension Transaction {
    func queueMail(_ message: CodeMessage, in store: UserPoolStore) throws {
        var json = JSONWriter()
        json.value(message)
        try execute(
            "INSERT INTO outgoing_mail (token, recipient, message) VALUES (?, ?, ?)", Identifier.uuid(),
            message.recipient, json.bytes)
        afterCommit { [bell = store.bell] in bell.ring() }
    }
}

extension Snapshot {
    func outgoingMail(limit: Int) throws -> [(id: Int64, token: String, message: CodeMessage)] {
        try rows("SELECT id, token, message FROM outgoing_mail ORDER BY id LIMIT ?", limit) { row in
            (try row[0], try row[1], try CodeMessage(json: JSONDocument(try row[2]).root))
        }
    }
}

extension Transaction {
    func deleteMail(_ id: Int64) throws { try execute("DELETE FROM outgoing_mail WHERE id = ?", id) }
}
