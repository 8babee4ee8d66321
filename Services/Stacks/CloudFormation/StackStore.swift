import ServiceKit

/// Stacks, their resources and what happened to them.
struct StackStore: Sendable {
    /// Announced when a stack has got something to do.
    static let topic = "stacks"
    /// How long deleted stacks can be asked for.
    static let retention = Duration.seconds(90 * 24 * 3600)

    let database: Database
    let vault: StackVault
    let pages: PageToken
    let patience = StackPatience()

    func read<Result>(_ body: (StackSnapshot<Snapshot>) throws -> Result) async throws -> Result {
        try await database.read { try body(StackSnapshot(on: $0, vault: vault)) }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (StackSnapshot<Transaction>) throws -> Result
    ) async throws -> Result {
        try await database.write { [vault] in try body(StackSnapshot(on: $0, vault: vault)) }
    }
}

/// Seals what stacks are made of: parameters that are not to be shown, and what they were put into.
struct StackVault: Sendable {
    let key: MasterKey

    func seal(_ value: some OutputShape, for context: String) throws -> [UInt8] {
        var json = JSONWriter()
        json.value(value)
        return try key.seal(json.bytes, for: context)
    }

    func open<Value: InputShape>(_ sealed: [UInt8], for context: String) throws -> Value {
        try Value(json: JSONDocument(key.open(sealed, for: context)).root)
    }
}

/// The tables at one moment, or inside of a write.
struct StackSnapshot<Base: Snapshot> {
    let base: Base
    let vault: StackVault

    init(on base: Base, vault: StackVault) { (self.base, self.vault) = (base, vault) }
}

// MARK: Stacks

extension StackSnapshot {
    /// - Parameter name: a name, which only a stack that is not deleted has, or an ID.
    func stack(_ name: String, at place: Place) throws -> Stack? {
        guard name.hasPrefix("arn:") else {
            return try base.first(
                "SELECT id, sealed FROM stack WHERE account = ? AND region = ? AND name = ? AND deleted IS NULL",
                place.account, place.region, name, body: stack(from:))
        }
        return try stack(id: name).flatMap { $0.place == place ? $0 : nil }
    }

    func stack(id: String) throws -> Stack? {
        try base.first("SELECT id, sealed FROM stack WHERE id = ?", id, body: stack(from:))
    }

    /// The newest first, behind a position that `position(of:)` gave.
    ///
    /// - Parameters:
    ///   - statuses: only these; `nil` for any.
    ///   - includesDeleted: those of the last ninety days.
    func stacks(
        at place: Place, in statuses: Set<StackStatus>? = nil, includesDeleted: Bool, after position: String = "",
        limit: Int
    ) throws -> [Stack] {
        let parts = position.split(separator: " ", maxSplits: 1)
        let time = parts.first.flatMap { Int64($0) } ?? .max
        let wanted = statuses.map { " " + $0.map { "\($0.rawValue) " }.joined() }
        return try base.rows(
            """
            SELECT id, sealed FROM stack WHERE account = ? AND region = ? AND (? OR deleted IS NULL)
                AND (? IS NULL OR instr(?, ' ' || status || ' ') > 0)
                AND (created < ? OR (created = ? AND id > ?)) ORDER BY created DESC, id LIMIT ?
            """, place.account, place.region, includesDeleted, wanted, wanted, time, time,
            parts.last.map(String.init) ?? "", limit, body: stack(from:))
    }

    static func position(of stack: Stack) -> String { "\(stack.created.milliseconds) \(stack.id)" }

    /// Those with something to do.
    func busyStacks() throws -> [String] { try base.rows("SELECT id FROM stack WHERE is_busy = 1") { try $0[0] } }

    private func stack(from row: Row) throws -> Stack {
        let form: Stack.Form = try vault.open(row[1], for: row[0])
        return form.stack
    }
}

extension StackSnapshot where Base == Transaction {
    func put(_ stack: Stack) throws {
        let isBusy = stack.operation != nil
        try base.execute(
            """
            INSERT INTO stack (id, account, region, name, status, created, deleted, is_busy, sealed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, deleted = excluded.deleted,
                is_busy = excluded.is_busy, sealed = excluded.sealed
            """, stack.id, stack.place.account, stack.place.region, stack.name, stack.status.rawValue,
            stack.created.milliseconds, stack.deleted?.milliseconds, isBusy,
            try vault.seal(Stack.Form(stack), for: stack.id))
        if isBusy { base.announce(StackStore.topic) }
    }

    /// Gives a stack another status, and notes that it did.
    func move(_ stack: inout Stack, to status: StackStatus, because reason: String? = nil, at now: Timestamp) throws {
        stack.status = status
        stack.statusReason = reason
        try record(StackEvent(of: stack, status, reason, at: now), of: stack.id)
        try put(stack)
    }

    /// Forgets stacks that were deleted long ago.
    func forgetStacks(deletedBefore time: Timestamp) throws {
        let ids: [String] = try base.rows(
            "SELECT id FROM stack WHERE deleted < ? LIMIT 100", time.milliseconds
        ) { try $0[0] }
        for id in ids { try forget(id) }
    }

    func forget(_ id: String) throws {
        for statement in [
            "DELETE FROM stack_resource WHERE stack = ?", "DELETE FROM stack_event WHERE stack = ?",
            "DELETE FROM change_set WHERE stack = ?", "DELETE FROM export WHERE stack = ?",
            "DELETE FROM import WHERE stack = ?", "DELETE FROM stack WHERE id = ?",
        ] { try base.execute(statement, id) }
    }
}

// MARK: Events

extension StackSnapshot {
    /// The newest first, below a sequence number.
    func events(of stack: String, before sequence: Int64 = .max, limit: Int) throws -> [(Int64, StackEvent)] {
        try base.rows(
            "SELECT sequence, sealed FROM stack_event WHERE stack = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
            stack, sequence, limit
        ) { row in (try row[0], try vault.open(row[1], for: stack)) }
    }

    /// The stack an operation was, or is, about; `nil` for one that nothing is known of.
    func stack(withOperation operation: String, at place: Place) throws -> Stack? {
        let id: String? = try base.value("SELECT stack FROM stack_event WHERE operation = ? LIMIT 1", operation)
        return try id.flatMap { try stack($0, at: place) }
    }

    /// What kind of operation it is that events belong to.
    func kind(ofOperation operation: String) throws -> StackOperation.Kind? {
        let event: StackEvent? = try base.first(
            "SELECT stack, sealed FROM stack_event WHERE operation = ? ORDER BY sequence LIMIT 1", operation
        ) { try vault.open($0[1], for: $0[0]) }
        return event?.operationKind
    }
}

extension StackSnapshot where Base == Transaction {
    func record(_ event: StackEvent, of stack: String) throws {
        try base.execute(
            "INSERT INTO stack_event (stack, operation, sealed) VALUES (?, ?, ?)", stack, event.operation,
            try vault.seal(event, for: stack))
    }
}
