import ServiceKit

/// Change sets of stacks.
extension StackSnapshot {
    /// - Parameter name: the name within a stack, or an ID.
    func changeSet(_ name: String, of stack: String?) throws -> ChangeSet? {
        if name.hasPrefix("arn:") {
            return try base.first("SELECT stack, sealed FROM change_set WHERE id = ?", name, body: changeSet(from:))
        }
        return try base.first(
            "SELECT stack, sealed FROM change_set WHERE stack = ? AND name = ?", stack, name, body: changeSet(from:))
    }

    /// In the order they were made, behind a name.
    func changeSets(of stack: String) throws -> [ChangeSet] {
        try base.rows(
            "SELECT stack, sealed FROM change_set WHERE stack = ? ORDER BY created, name", stack,
            body: changeSet(from:))
    }

    private func changeSet(from row: Row) throws -> ChangeSet { try vault.open(row[1], for: row[0]) }
}

extension StackSnapshot where Base == Transaction {
    func put(_ set: ChangeSet) throws {
        try base.execute(
            """
            INSERT INTO change_set (id, stack, name, created, sealed) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed
            """, set.id, set.stackID, set.name, set.created.milliseconds, try vault.seal(set, for: set.stackID))
    }

    func remove(_ set: ChangeSet) throws { try base.execute("DELETE FROM change_set WHERE id = ?", set.id) }

    /// What a change set asked for is done, or is not.
    func endExecution(ofChangeSet id: String, as status: StackStatus) throws {
        guard var set = try changeSet(id, of: nil) else { return }
        let isDone = status == .createComplete || status == .updateComplete
        set.executionStatus = isDone ? .complete : .failed
        try put(set)
    }

    /// What was planned for a stack that has changed since cannot be executed any longer.
    func makeObsolete(changeSetsOf stack: String, except id: String?) throws {
        for var set in try changeSets(of: stack) where set.id != id && set.executionStatus == .available {
            set.executionStatus = .obsolete
            try put(set)
        }
    }
}
