import ServiceKit

/// Identities, templates and the queue of outgoing mail, durable.
struct MailStore: Sendable {
    let database: Database
    let masterKey: MasterKey
    /// Without a relay mail stays here for the developer to read.
    let hasRelay: Bool
    /// The sender of mails that Apus itself writes.
    let systemSender: String
    /// Rung when there is mail to deliver.
    let bell = Doorbell()

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await database.write(body)
    }
    func read<T>(_ body: (Snapshot) throws -> T) async throws -> T { try await database.read(body) }

    var pageToken: PageToken { PageToken(key: masterKey.derived("ses page tokens")) }
}

/// A mail that was accepted and is being delivered, or kept.
struct QueuedMail: Sendable, OutputShape {
    enum State: String, Sendable {
        case queued, sent, failed
        /// No relay is configured.
        case inbox
    }

    let id: String
    let account: String
    let region: String
    let sender: String
    let recipients: [String]
    let data: [UInt8]
    let state: State
    let attempts: Int
    let created: Timestamp

    func write(to json: inout JSONWriter) {
        json.member("Id", id)
        json.member("Region", region)
        json.member("Source", sender)
        json.member("Recipients", recipients)
        json.member("RawData", String(decoding: data, as: UTF8.self))
        json.member("State", state.rawValue)
        json.member("Timestamp", created.iso8601())
    }
}

// MARK: Mail

extension Transaction {
    /// Accepts a mail; one with a token that is known already is the same mail.
    func enqueue(
        _ data: [UInt8], id: String, from sender: String, to recipients: [String], token: String? = nil,
        in store: MailStore, _ call: Call
    ) throws {
        var list = JSONWriter()
        list.value(recipients)
        let state = store.hasRelay ? QueuedMail.State.queued : .inbox
        try execute(
            """
            INSERT INTO messages (id, token, account, region, sender, recipients, data, state, attempts, due, created)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (token) DO NOTHING
            """, id, token, call.account, call.region, sender, list.bytes, data, state.rawValue,
            call.now.milliseconds, call.now.milliseconds)
        afterCommit { [bell = store.bell] in bell.ring() }
    }

    func markSent(_ mail: QueuedMail) throws {
        try execute(
            "UPDATE messages SET state = 'sent', attempts = attempts + 1, error = NULL WHERE id = ?", mail.id)
    }

    func markRetry(_ mail: QueuedMail, due: Timestamp, error: String) throws {
        try execute(
            "UPDATE messages SET attempts = attempts + 1, due = ?, error = ? WHERE id = ?", due.milliseconds, error,
            mail.id)
    }

    func markFailed(_ mail: QueuedMail, error: String) throws {
        try execute(
            "UPDATE messages SET state = 'failed', attempts = attempts + 1, error = ? WHERE id = ?", error, mail.id)
    }

    /// Forgets mail that was delivered or kept before a time.
    func trimMail(before time: Timestamp) throws {
        try execute("DELETE FROM messages WHERE state <> 'queued' AND created < ?", time.milliseconds)
    }
}

extension Snapshot {
    private static var mailColumns: String {
        "SELECT id, account, region, sender, recipients, data, state, attempts, created FROM messages"
    }

    func dueMail(at now: Timestamp, limit: Int) throws -> [QueuedMail] {
        try rows(
            "\(Snapshot.mailColumns) WHERE state = 'queued' AND due <= ? ORDER BY due LIMIT ?", now.milliseconds,
            limit, body: mail)
    }

    /// The newest mail, the latest first, of one recipient or all.
    func inbox(to recipient: String?, limit: Int) throws -> [QueuedMail] {
        guard let recipient else {
            return try rows("\(Snapshot.mailColumns) ORDER BY created DESC, rowid DESC LIMIT ?", limit, body: mail)
        }
        return try rows(
            """
            \(Snapshot.mailColumns) WHERE EXISTS (SELECT 1 FROM json_each(CAST(recipients AS TEXT)) WHERE value = ?)
            ORDER BY created DESC, rowid DESC LIMIT ?
            """, recipient, limit, body: mail)
    }

    func mailCount(since time: Timestamp, account: String) throws -> Int {
        try value(
            "SELECT count(*) FROM messages WHERE account = ? AND created >= ?", account, time.milliseconds) ?? 0
    }

    private func mail(_ row: Row) throws -> QueuedMail {
        let state: String = try row[6]
        return QueuedMail(
            id: try row[0], account: try row[1], region: try row[2], sender: try row[3],
            recipients: try [String](json: JSONDocument(try row[4]).root), data: try row[5],
            state: QueuedMail.State(rawValue: state) ?? .failed, attempts: try row[7],
            created: Timestamp(milliseconds: try row[8]))
    }
}

// MARK: Identities

extension Snapshot {
    /// Whether a sender's address or its domain was verified.
    func isVerified(_ address: EmailAddress, in call: Call) throws -> Bool {
        try exists(
            "SELECT 1 FROM identities WHERE account = ? AND region = ? AND name IN (?, ?)", call.account, call.region,
            address.mailbox.lowercased(), address.domain)
    }

    func hasIdentity(_ name: String, in call: Call) throws -> Bool {
        try exists(
            "SELECT 1 FROM identities WHERE account = ? AND region = ? AND name = ?", call.account, call.region,
            name.lowercased())
    }

    func identities(in call: Call, after name: String, limit: Int) throws -> [String] {
        try rows(
            "SELECT name FROM identities WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?",
            call.account, call.region, name, limit
        ) { try $0[0] }
    }
}

extension Transaction {
    /// The owner of the machine vouches for every identity: there is nobody else to ask.
    func verify(_ identity: String, in call: Call) throws {
        try execute(
            "INSERT OR IGNORE INTO identities (account, region, name, created) VALUES (?, ?, ?, ?)", call.account,
            call.region, identity.lowercased(), call.now.milliseconds)
    }

    func deleteIdentity(_ identity: String, in call: Call) throws {
        try execute(
            "DELETE FROM identities WHERE account = ? AND region = ? AND name = ?", call.account, call.region,
            identity.lowercased())
    }
}

// MARK: Templates

extension Snapshot {
    func template(_ name: String, in call: Call) throws -> Template {
        let found = try first(
            """
            SELECT name, subject, text, html, created FROM templates WHERE account = ? AND region = ? AND name = ?
            """, call.account, call.region, name, body: template)
        guard let found else { throw ServiceError.templateMissing(name) }
        return found
    }

    func templates(in call: Call, after name: String, limit: Int) throws -> [Template] {
        try rows(
            """
            SELECT name, subject, text, html, created FROM templates
            WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?
            """, call.account, call.region, name, limit, body: template)
    }

    private func template(_ row: Row) throws -> Template {
        Template(
            name: try row[0], subject: try row[1], text: try row[2], html: try row[3],
            created: Timestamp(milliseconds: try row[4]))
    }
}

extension Transaction {
    func insert(_ template: Template, in call: Call) throws {
        let count = try execute(
            """
            INSERT OR IGNORE INTO templates (account, region, name, subject, text, html, created)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, call.account, call.region, template.name, template.subject, template.text, template.html,
            template.created.milliseconds)
        if count == 0 { throw ServiceError.templateExists(template.name) }
    }

    func update(_ template: Template, in call: Call) throws {
        let count = try execute(
            "UPDATE templates SET subject = ?, text = ?, html = ? WHERE account = ? AND region = ? AND name = ?",
            template.subject, template.text, template.html, call.account, call.region, template.name)
        if count == 0 { throw ServiceError.templateMissing(template.name) }
    }

    func deleteTemplate(_ name: String, in call: Call) throws {
        try execute(
            "DELETE FROM templates WHERE account = ? AND region = ? AND name = ?", call.account, call.region, name)
    }
}
