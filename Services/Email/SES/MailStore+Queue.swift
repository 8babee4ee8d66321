import ServiceKit

extension Transaction {
    /// Accepts a mail; one with a token that is known already is the same mail.
    ///
    /// - Returns: the mail's identifier, that of the earlier one for a known token.
    @discardableResult
    func enqueue(
        _ data: [UInt8], id: String, from sender: String, to recipients: [String], content: MailContent? = nil,
        token: String? = nil, in store: MailStore, _ call: Call
    ) throws -> String {
        var list = JSONWriter()
        list.value(recipients)
        let state = store.hasRelay ? QueuedMail.State.queued : .inbox
        let inserted = try execute(
            """
            INSERT INTO messages
                (id, token, account, region, sender, recipients, data, content, state, attempts, due, created)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (token) DO NOTHING
            """, id, token, call.account, call.region, sender, list.bytes, data,
            store.hasRelay ? nil : content.map(\.encoded), state.rawValue, call.now.milliseconds,
            call.now.milliseconds)
        guard inserted > 0 else {
            return try value("SELECT id FROM messages WHERE token = ?", token) ?? id
        }
        afterCommit { [bell = store.bell] in bell.ring() }
        return id
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

    /// Forgets one mail of an account or all of them; what is still to be delivered stays.
    func clearInbox(of account: String, id: String?) throws {
        try execute(
            "DELETE FROM messages WHERE state <> 'queued' AND account = ? AND id = coalesce(?, id)", account, id)
    }
}

extension Snapshot {
    private static var mailColumns: String {
        "SELECT id, account, region, sender, recipients, data, content, state, attempts, created FROM messages"
    }

    /// Data of this many bytes ends a list of mails: an answer has to fit into memory.
    private static var listedBytes: Int { 32 << 20 }

    func dueMail(at now: Timestamp, limit: Int) throws -> [QueuedMail] {
        try rows(
            "\(Snapshot.mailColumns) WHERE state = 'queued' AND due <= ? ORDER BY due LIMIT ?", now.milliseconds,
            limit, body: mail)
    }

    /// The newest mail that a query asks for, the latest first; of one account, or of all.
    func inbox(_ query: InboxQuery, of account: String?) throws -> [QueuedMail] {
        let condition = """
            account = coalesce(?1, account) AND id = coalesce(?2, id) AND sender = coalesce(?3, sender)
            AND (?4 IS NULL
                OR EXISTS (SELECT 1 FROM json_each(CAST(recipients AS TEXT)) WHERE value = ?4))
            """
        // Sizes first: the bodies of mails that would not be shown are not read.
        let sizes: [(rowid: Int64, size: Int)] = try rows(
            """
            SELECT rowid, length(data) FROM messages WHERE \(condition) ORDER BY created DESC, rowid DESC LIMIT ?5
            """, account, query.id, query.source, query.recipient, query.limit
        ) { (try $0[0], try $0[1]) }
        var room = Snapshot.listedBytes
        return try sizes.enumerated().prefix { index, entry in
            room -= entry.size
            return index == 0 || room >= 0
        }.compactMap { try first("\(Snapshot.mailColumns) WHERE rowid = ?", $0.element.rowid, body: mail) }
    }

    /// The bytes of a mail.
    func mailData(_ id: String) throws -> [UInt8]? {
        try value("SELECT data FROM messages WHERE id = ?", id)
    }

    func mailCount(since time: Timestamp, account: String) throws -> Int {
        try value(
            "SELECT count(*) FROM messages WHERE account = ? AND created >= ?", account, time.milliseconds) ?? 0
    }

    private func mail(_ row: Row) throws -> QueuedMail {
        let content: [UInt8]? = try row[6]
        let state: String = try row[7]
        return QueuedMail(
            id: try row[0], account: try row[1], region: try row[2], sender: try row[3],
            recipients: try [String](json: JSONDocument(try row[4]).root), data: try row[5],
            content: try content.map { try MailContent(json: JSONDocument($0).root) },
            state: QueuedMail.State(rawValue: state) ?? .failed, attempts: try row[8],
            created: Timestamp(milliseconds: try row[9]))
    }
}
