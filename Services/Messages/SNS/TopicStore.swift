import ServiceKit

/// The topics of one executable, their subscriptions, and what is still to be delivered.
///
/// Its SQL stands here (topics), in `SubscriptionStore` and in `DeliveryStore`.
struct TopicStore: Sendable {
    let database: Database
    /// Rung when there is something to deliver.
    let work = Doorbell()
    private let cache = TopicCache()
    private let key: MasterKey

    init(database: Database, key: MasterKey) {
        self.database = database
        self.key = key
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write(body)
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) async throws -> Result { try await database.read(body) }

    /// Writes, and lets the next publisher look at the topic and its subscriptions again.
    func change<Result: Sendable>(
        _ address: TopicAddress, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write { [cache] transaction in
            transaction.afterCommit { cache.forget(address) }
            return try body(transaction)
        }
    }

    /// The topic with its confirmed subscriptions.
    ///
    /// - Throws: `NotFoundException`
    func entry(at address: TopicAddress) async throws -> TopicCache.Entry {
        guard let entry = try await existing(at: address) else { throw ServiceError.topicDoesNotExist }
        return entry
    }

    func permission(_ action: String? = nil, on address: TopicAddress) async throws -> Permission {
        Permission(action, on: address.arn, resourcePolicy: try await existing(at: address)?.policy)
    }

    private func existing(at address: TopicAddress) async throws -> TopicCache.Entry? {
        if let entry = cache.entry(at: address) { return entry }
        return try await cache.fill(address) {
            let found = try await database.read { snapshot in
                try snapshot.topic(at: address).map { ($0, try snapshot.confirmedSubscriptions(of: $0)) }
            }
            guard let (topic, subscriptions) = found else { return nil }
            let policy = try topic.attributes["Policy"].map { try Policy.parse(Array($0.utf8)) }
            return TopicCache.Entry(topic: topic, policy: policy, subscriptions: subscriptions)
        }
    }

    /// The key that signs, made and kept at the first call.
    func signingKey(at now: Timestamp) async throws -> SigningKey {
        if let key = cache.signingKey { return key }
        if let stored = try await read({ try $0.signingKey() }) { return try open(stored) }
        let fresh = try SigningKey(at: now)
        let sealed = try key.seal(Array(fresh.privateKey.utf8), for: "sns.signing-key")
        // Two may make one at the same time: the one that was stored first stays.
        let stored = try await write { transaction in
            try transaction.insertSigningKey(sealed, fresh.certificate)
            return try transaction.signingKey()
        }
        guard let stored else { throw SigningKey.Failure(operation: "store key") }
        return try open(stored)
    }

    private func open(_ stored: (sealed: [UInt8], certificate: String)) throws -> SigningKey {
        let pem = String(decoding: try key.open(stored.sealed, for: "sns.signing-key"), as: UTF8.self)
        let signingKey = try SigningKey(privateKey: pem, certificate: stored.certificate)
        cache.keep(signingKey)
        return signingKey
    }
}

extension Snapshot {
    func topic(at address: TopicAddress) throws -> Topic? {
        try first(
            "SELECT id, account, region, name, attributes FROM topic WHERE account = ? AND region = ? AND name = ?",
            address.account, address.region, address.name, body: Topic.init)
    }

    /// - Throws: `NotFoundException`
    func requireTopic(at address: TopicAddress) throws -> Topic {
        guard let topic = try topic(at: address) else { throw ServiceError.topicDoesNotExist }
        return topic
    }

    /// Names in ascending order, after `position`.
    func topicNames(of account: String, in region: String, after position: String, limit: Int) throws -> [String] {
        try rows(
            "SELECT name FROM topic WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?",
            account, region, position, limit
        ) { try $0[0] }
    }

    func counts(of topic: Topic) throws -> Topic.Counts {
        try first(
            """
            SELECT count(*) FILTER (WHERE is_pending = 0), count(*) FILTER (WHERE is_pending = 1),
                (SELECT subscriptions_deleted FROM topic WHERE id = ?)
            FROM subscription WHERE topic = ?
            """, topic.id, topic.id
        ) { Topic.Counts(confirmed: try $0[0], pending: try $0[1], deleted: try $0[2]) } ?? Topic.Counts()
    }

    func tags(of topic: Topic) throws -> [(key: String, value: String)] {
        try rows("SELECT key, value FROM topic_tag WHERE topic = ? ORDER BY key", topic.id) { (try $0[0], try $0[1]) }
    }

    func signingKey() throws -> (sealed: [UInt8], certificate: String)? {
        try first("SELECT sealed, certificate FROM signing_key") { (try $0[0], try $0[1]) }
    }
}

extension Transaction {
    func insertTopic(at address: TopicAddress, _ attributes: TopicAttributes, at now: Timestamp) throws -> Topic {
        try execute(
            "INSERT INTO topic (account, region, name, attributes, created) VALUES (?, ?, ?, ?, ?)",
            address.account, address.region, address.name, StoredText.write(attributes.text), now)
        return Topic(id: try lastInsertedRowID, address: address, attributes: attributes)
    }

    func update(_ topic: Topic) throws {
        try execute(
            "UPDATE topic SET attributes = ? WHERE id = ?", StoredText.write(topic.attributes.text), topic.id)
    }

    /// With its subscriptions and everything that was to be delivered.
    func delete(_ topic: Topic) throws {
        try execute(
            "DELETE FROM delivery WHERE subscription IN (SELECT id FROM subscription WHERE topic = ?)", topic.id)
        for table in ["message", "subscription", "topic_tag", "deduplication"] {
            try execute("DELETE FROM \(table) WHERE topic = ?", topic.id)
        }
        try execute("DELETE FROM topic WHERE id = ?", topic.id)
    }

    func setTags(_ tags: [Tag], of topic: Topic) throws {
        for tag in tags {
            try execute("INSERT OR REPLACE INTO topic_tag VALUES (?, ?, ?)", topic.id, tag.key, tag.value)
        }
    }

    func removeTags(_ keys: [String], of topic: Topic) throws {
        for key in keys { try execute("DELETE FROM topic_tag WHERE topic = ? AND key = ?", topic.id, key) }
    }

    func insertSigningKey(_ sealed: [UInt8], _ certificate: String) throws {
        try execute("INSERT OR IGNORE INTO signing_key VALUES (1, ?, ?)", sealed, certificate)
    }
}

extension Topic {
    fileprivate init(_ row: Row) throws {
        id = try row[0]
        address = TopicAddress(account: try row[1], region: try row[2], name: try row[3])
        attributes = TopicAttributes(try StoredText.read(row[4]))
    }
}

/// Attributes as one column keeps them: a JSON object of texts.
enum StoredText {
    static func write(_ text: [String: String]) -> String {
        var json = JSONWriter()
        json.value(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    static func read(_ text: String) throws -> [String: String] {
        try [String: String](json: JSONDocument(Array(text.utf8)).root)
    }
}
