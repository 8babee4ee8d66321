import ServiceKit

/// The SQL of subscriptions.
extension Snapshot {
    func confirmedSubscriptions(of topic: Topic) throws -> [Subscription] {
        try rows("\(Subscription.selection) WHERE topic = ? AND is_pending = 0 ORDER BY subscription.id", topic.id) {
            try Subscription($0)
        }
    }

    /// After the subscription of number `position`.
    func subscriptions(of topic: Topic, after position: Int64, limit: Int) throws -> [Subscription] {
        try rows(
            "\(Subscription.selection) WHERE topic = ? AND subscription.id > ? ORDER BY subscription.id LIMIT ?",
            topic.id, position, limit
        ) { try Subscription($0) }
    }

    func subscriptions(
        ownedBy account: String, in region: String, after position: Int64, limit: Int
    ) throws -> [Subscription] {
        try rows(
            """
            \(Subscription.selection) WHERE owner = ? AND region = ? AND subscription.id > ?
            ORDER BY subscription.id LIMIT ?
            """, account, region, position, limit
        ) { try Subscription($0) }
    }

    func subscription(_ arn: SubscriptionARN) throws -> Subscription? {
        guard let topic = arn.topic, let suffix = arn.text.split(separator: ":").last else { return nil }
        let found = try first("\(Subscription.selection) WHERE suffix = ?", String(suffix)) { try Subscription($0) }
        return found?.topic == topic ? found : nil
    }

    func subscription(_ id: Int64) throws -> Subscription? {
        try first("\(Subscription.selection) WHERE subscription.id = ?", id) { try Subscription($0) }
    }

    func subscription(of topic: Topic, by transport: Transport, to endpoint: String) throws -> Subscription? {
        try first(
            "\(Subscription.selection) WHERE topic = ? AND transport = ? AND endpoint = ?",
            topic.id, transport, endpoint
        ) { try Subscription($0) }
    }

    /// Whose token it is, while the token is good.
    func subscription(withToken token: String, at now: Timestamp) throws -> Subscription? {
        try first("\(Subscription.selection) WHERE token = ? AND token_expires > ?", token, now) {
            try Subscription($0)
        }
    }
}

extension Transaction {
    /// - Parameter token: for an endpoint that must confirm.
    func insertSubscription(
        _ subscription: Subscription, of topic: Topic, token: String?, expires: Timestamp, at now: Timestamp
    ) throws -> Int64 {
        try execute(
            """
            INSERT INTO subscription (topic, suffix, owner, principal, transport, endpoint, attributes, is_pending,
                token, token_expires, was_authenticated, origin, created)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, topic.id, subscription.suffix, subscription.owner, subscription.principal, subscription.transport,
            subscription.endpoint, StoredText.write(subscription.attributes.text), subscription.isPending,
            token, expires, subscription.wasAuthenticated, subscription.origin, now)
        return try lastInsertedRowID
    }

    func update(_ subscription: Subscription) throws {
        try execute(
            "UPDATE subscription SET attributes = ?, is_pending = ?, was_authenticated = ? WHERE id = ?",
            StoredText.write(subscription.attributes.text), subscription.isPending, subscription.wasAuthenticated,
            subscription.id)
    }

    func setToken(_ token: String, of subscription: Subscription, expires: Timestamp) throws {
        try execute(
            "UPDATE subscription SET token = ?, token_expires = ? WHERE id = ?", token, expires, subscription.id)
    }

    func delete(_ subscription: Subscription) throws {
        for delivery in try deliveries(of: subscription) { try finish(delivery) }
        try execute(
            """
            UPDATE topic SET subscriptions_deleted = subscriptions_deleted + 1
            WHERE id = (SELECT topic FROM subscription WHERE id = ?)
            """, subscription.id)
        try execute("DELETE FROM subscription WHERE id = ?", subscription.id)
    }
}

extension Subscription {
    fileprivate static let selection = """
        SELECT subscription.id, account, region, name, suffix, owner, principal, transport, endpoint,
            subscription.attributes, is_pending, was_authenticated, origin
        FROM subscription JOIN topic ON topic.id = subscription.topic
        """

    fileprivate init(_ row: Row) throws {
        id = try row[0]
        topic = TopicAddress(account: try row[1], region: try row[2], name: try row[3])
        suffix = try row[4]
        owner = try row[5]
        principal = try row[6]
        transport = try row[7]
        endpoint = try row[8]
        attributes = try SubscriptionAttributes(stored: StoredText.read(row[9]), isFIFO: topic.isFIFO)
        isPending = try row[10]
        wasAuthenticated = try row[11]
        origin = try row[12]
    }
}
