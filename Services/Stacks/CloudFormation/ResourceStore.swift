import ServiceKit

/// Resources of stacks.
extension StackSnapshot {
    /// In the order they came into the stack.
    func resources(of stack: String) throws -> [StackResource] {
        try base.rows(
            "SELECT sealed FROM stack_resource WHERE stack = ? ORDER BY position", stack
        ) { try vault.open($0[0], for: stack) }
    }

    func resource(_ logicalID: String, of stack: String) throws -> StackResource? {
        try base.first(
            "SELECT sealed FROM stack_resource WHERE stack = ? AND logical = ?", stack, logicalID
        ) { try vault.open($0[0], for: stack) }
    }

    /// The stacks that have a resource of this physical ID.
    func stacks(withPhysicalID id: String, at place: Place) throws -> [Stack] {
        let stacks: [String] = try base.rows("SELECT stack FROM stack_resource WHERE physical = ?", id) { try $0[0] }
        return try stacks.compactMap { try stack($0, at: place) }
    }
}

extension StackSnapshot where Base == Transaction {
    func put(_ resource: StackResource, of stack: String) throws {
        try base.execute(
            """
            INSERT INTO stack_resource (stack, logical, position, physical, sealed)
            VALUES (?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM stack_resource WHERE stack = ?), ?, ?)
            ON CONFLICT (stack, logical) DO UPDATE SET physical = excluded.physical, sealed = excluded.sealed
            """, stack, resource.logicalID, stack, resource.physicalID, try vault.seal(resource, for: stack))
    }

    /// Keeps a row as long as it stands for anything.
    func keepIfAny(_ resource: StackResource, of stack: String) throws {
        if resource.doomed == nil, resource.state == nil {
            try removeResource(resource.logicalID, of: stack)
        } else {
            try put(resource, of: stack)
        }
    }

    func removeResource(_ logicalID: String, of stack: String) throws {
        try base.execute("DELETE FROM stack_resource WHERE stack = ? AND logical = ?", stack, logicalID)
    }
}
