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

    var pages: PageToken {
        PageToken(
            key: masterKey.derived("ses page tokens"),
            refusal: ServiceError("InvalidParameterValue", "Invalid NextToken."))
    }
}

// MARK: Lists

extension MailStore {
    func identities(_ token: String?, limit: Int, scope: String, in call: Call) async throws -> Page<String> {
        try await pages.page(token, limit: limit, scope: scope, position: { $0 }) { after, limit in
            try await read { try $0.identities(in: call, after: after, limit: limit) }
        }
    }

    func templates(_ token: String?, limit: Int, scope: String, in call: Call) async throws -> Page<Template> {
        try await pages.page(token, limit: limit, scope: scope, position: \.name) { after, limit in
            try await read { try $0.templates(in: call, after: after, limit: limit) }
        }
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
