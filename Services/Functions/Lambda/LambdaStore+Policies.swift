import ServiceKit

extension Snapshot {
    /// The statements attached to a function (`qualifier` empty), version or alias, in the order they were added.
    func statements(of key: FunctionKey, qualifier: String) throws -> [PolicyStatement] {
        try rows(
            """
            SELECT id, statement FROM statement
            WHERE account = ? AND region = ? AND name = ? AND qualifier = ? ORDER BY position
            """, key.account, key.region, key.name, qualifier
        ) { PolicyStatement(id: try $0[0], json: try $0[1]) }
    }
}

extension Transaction {
    func insert(_ statement: PolicyStatement, into key: FunctionKey, qualifier: String) throws {
        let position: Int? = try value(
            "SELECT MAX(position) FROM statement WHERE account = ? AND region = ? AND name = ? AND qualifier = ?",
            key.account, key.region, key.name, qualifier, as: Int?.self
        ).flatMap { $0 }
        try execute(
            """
            INSERT INTO statement (account, region, name, qualifier, id, position, statement)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, key.account, key.region, key.name, qualifier, statement.id, (position ?? 0) + 1, statement.json)
    }

    /// Whether there was one.
    func deleteStatement(_ id: String, of key: FunctionKey, qualifier: String) throws -> Bool {
        try execute(
            "DELETE FROM statement WHERE account = ? AND region = ? AND name = ? AND qualifier = ? AND id = ?",
            key.account, key.region, key.name, qualifier, id) > 0
    }
}

extension LambdaStore {
    /// What a caller needs for an operation on a function, whose resource policy counts where it has one.
    func permission(
        _ action: String? = nil, on name: FunctionName, _ qualifier: String? = nil, in call: Call
    ) async throws -> Permission {
        let key = name.key(in: call)
        let qualifier = try name.qualifier(or: qualifier)
        let statements = try await read { try $0.statements(of: key, qualifier: qualifier ?? "") }
        let policy = statements.isEmpty ? nil : try Policy.parse(PolicyStatement.policy(of: statements))
        return Permission(action, on: key.arn(qualifier), resourcePolicy: policy)
    }
}
