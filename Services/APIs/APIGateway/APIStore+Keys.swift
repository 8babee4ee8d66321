import ServiceKit

// MARK: Keys

extension Snapshot {
    private static var keyColumns: String {
        "SELECT id, region, account, value, members, created, updated FROM api_keys"
    }

    /// - Throws: `NotFoundException`, also for keys of other accounts and regions.
    func key(_ id: String, in call: Call) throws -> APIKey {
        let found = try first(
            "\(Snapshot.keyColumns) WHERE id = ? AND region = ? AND account = ?", id, call.region, call.account,
            body: Self.key)
        guard let found else { throw ServiceError.invalidKey }
        return found
    }

    func keys(in call: Call, after id: String, limit: Int) throws -> [APIKey] {
        try rows(
            "\(Snapshot.keyColumns) WHERE region = ? AND account = ? AND id > ? ORDER BY id LIMIT ?", call.region,
            call.account, id, limit, body: Self.key)
    }

    func key(withValue value: String, region: String, account: String) throws -> APIKey? {
        try first(
            "\(Snapshot.keyColumns) WHERE region = ? AND account = ? AND value = ?", region, account, value,
            body: Self.key)
    }

    private static func key(_ row: Row) throws -> APIKey {
        APIKey(
            id: try row[0], region: try row[1], account: try row[2], value: try row[3],
            members: try StoredMembers(encoded: try row[4]), created: Timestamp(milliseconds: try row[5]),
            updated: Timestamp(milliseconds: try row[6]))
    }
}

extension Transaction {
    func put(_ key: APIKey) throws {
        try execute(
            """
            INSERT INTO api_keys (id, region, account, value, members, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET members = excluded.members, updated = excluded.updated
            """, key.id, key.region, key.account, key.value, key.members.encoded, key.created.milliseconds,
            key.updated.milliseconds)
    }

    /// Also out of the plans it is in.
    func delete(_ key: APIKey) throws { try execute("DELETE FROM api_keys WHERE id = ?", key.id) }
}

// MARK: Plans

extension Snapshot {
    private static var planColumns: String { "SELECT id, region, account, members FROM usage_plans" }

    /// - Throws: `NotFoundException`
    func plan(_ id: String, in call: Call) throws -> UsagePlan {
        let found = try first(
            "\(Snapshot.planColumns) WHERE id = ? AND region = ? AND account = ?", id, call.region, call.account,
            body: Self.plan)
        guard let found else { throw ServiceError.invalidPlan }
        return found
    }

    /// - Parameter key: narrows the list to the plans that a key is in.
    func plans(in call: Call, with key: String?, after id: String, limit: Int) throws -> [UsagePlan] {
        try rows(
            """
            \(Snapshot.planColumns) WHERE region = ? AND account = ? AND id > ?
                AND (? IS NULL OR id IN (SELECT plan FROM usage_plan_keys WHERE key = ?)) ORDER BY id LIMIT ?
            """, call.region, call.account, id, key, key, limit, body: Self.plan)
    }

    func plan(_ id: String) throws -> UsagePlan? {
        try first("\(Snapshot.planColumns) WHERE id = ?", id, body: Self.plan)
    }

    /// The plans that a key is in.
    func plans(with key: APIKey) throws -> [UsagePlan] {
        try rows(
            "\(Snapshot.planColumns) WHERE id IN (SELECT plan FROM usage_plan_keys WHERE key = ?) ORDER BY id", key.id,
            body: Self.plan)
    }

    private static func plan(_ row: Row) throws -> UsagePlan {
        try UsagePlan(json: JSONDocument(try row[3]).root)
    }
}

extension Transaction {
    func put(_ plan: UsagePlan, region: String, account: String) throws {
        var json = JSONWriter()
        json.value(plan)
        try execute(
            """
            INSERT INTO usage_plans (id, region, account, members) VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET members = excluded.members
            """, plan.id, region, account, json.bytes)
    }

    func delete(_ plan: UsagePlan) throws { try execute("DELETE FROM usage_plans WHERE id = ?", plan.id) }
}

// MARK: Keys of plans

extension Snapshot {
    /// The keys of a plan behind one of them.
    func keys(of plan: UsagePlan, in call: Call, after id: String, limit: Int) throws -> [APIKey] {
        let ids: [String] = try rows(
            "SELECT key FROM usage_plan_keys WHERE plan = ? AND key > ? ORDER BY key LIMIT ?", plan.id, id, limit
        ) { try $0[0] }
        return try ids.map { try key($0, in: call) }
    }

    /// The day on which a key joined a plan; `nil` where it is in none.
    func joined(_ key: String, _ plan: String) throws -> Int? {
        try value("SELECT joined FROM usage_plan_keys WHERE plan = ? AND key = ?", plan, key)
    }

    /// How often a key was used under a plan, by day.
    func usage(of key: String, under plan: String, from first: Int, through last: Int) throws -> [Int: Int] {
        let days: [(Int, Int)] = try rows(
            "SELECT day, used FROM usage_counts WHERE plan = ? AND key = ? AND day BETWEEN ? AND ?", plan, key, first,
            last
        ) { (try $0[0], try $0[1]) }
        return Dictionary(days, uniquingKeysWith: +)
    }
}

extension Transaction {
    func join(_ key: APIKey, _ plan: UsagePlan, on day: Int) throws {
        try execute("INSERT INTO usage_plan_keys (plan, key, joined) VALUES (?, ?, ?)", plan.id, key.id, day)
    }

    func leave(_ key: APIKey, _ plan: UsagePlan) throws {
        try execute("DELETE FROM usage_plan_keys WHERE plan = ? AND key = ?", plan.id, key.id)
        try execute("DELETE FROM usage_counts WHERE plan = ? AND key = ?", plan.id, key.id)
    }

    func count(_ key: String, under plan: String, on day: Int) throws {
        try execute(
            """
            INSERT INTO usage_counts (plan, key, day, used) VALUES (?, ?, ?, 1)
            ON CONFLICT (plan, key, day) DO UPDATE SET used = used + 1
            """, plan, key, day)
    }
}
