import ServiceKit

/// Users that share a role; a lower precedence goes before a higher.
struct Group: Sendable, OutputShape {
    let poolID: String
    let name: String
    var description: String?
    var role: String?
    var precedence: Int?
    let created: Timestamp
    var modified: Timestamp

    /// The role of the group with the lowest precedence; none where two of them name different roles.
    static func preferredRole(_ groups: [Group]) -> String? {
        let withRole = groups.filter { $0.role != nil }
        let lowest = withRole.map { $0.precedence ?? .max }.min()
        let roles = Set(withRole.filter { $0.precedence ?? .max == lowest }.compactMap(\.role))
        return roles.count == 1 ? roles.first : nil
    }

    func write(to json: inout JSONWriter) {
        json.member("GroupName", name)
        json.member("UserPoolId", poolID)
        json.member("Description", description)
        json.member("RoleArn", role)
        json.member("Precedence", precedence)
        json.member("LastModifiedDate", modified)
        json.member("CreationDate", created)
    }
}

extension Snapshot {
    private static var columns: String {
        "SELECT g.pool, g.name, g.description, g.role, g.precedence, g.created, g.modified FROM groups g"
    }

    func group(_ name: String, in pool: UserPool) throws -> Group? {
        try first("\(Snapshot.columns) WHERE g.pool = ? AND g.name = ?", pool.id, name, body: group)
    }

    func groups(of pool: UserPool, after name: String, limit: Int) throws -> [Group] {
        try rows(
            "\(Snapshot.columns) WHERE g.pool = ? AND g.name > ? ORDER BY g.name LIMIT ?", pool.id, name, limit,
            body: group)
    }

    /// The groups of a user, by precedence.
    func groups(of user: User) throws -> [Group] {
        try rows(
            """
            \(Snapshot.columns) JOIN memberships m ON m.pool = g.pool AND m.name = g.name
            WHERE m.pool = ? AND m.username = ? ORDER BY g.precedence IS NULL, g.precedence, g.name
            """, user.poolID, user.username, body: group)
    }

    private func group(_ row: Row) throws -> Group {
        Group(
            poolID: try row[0], name: try row[1], description: try row[2], role: try row[3], precedence: try row[4],
            created: Timestamp(milliseconds: try row[5]), modified: Timestamp(milliseconds: try row[6]))
    }
}

extension Transaction {
    func insert(_ group: Group) throws {
        try execute(
            """
            INSERT INTO groups (pool, name, description, role, precedence, created, modified)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, group.poolID, group.name, group.description, group.role, group.precedence,
            group.created.milliseconds, group.modified.milliseconds)
    }

    func update(_ group: Group) throws {
        try execute(
            "UPDATE groups SET description = ?, role = ?, precedence = ?, modified = ? WHERE pool = ? AND name = ?",
            group.description, group.role, group.precedence, group.modified.milliseconds, group.poolID, group.name)
    }

    func delete(_ group: Group) throws {
        try execute("DELETE FROM groups WHERE pool = ? AND name = ?", group.poolID, group.name)
    }

    func add(_ user: User, to group: Group) throws {
        try execute(
            "INSERT OR IGNORE INTO memberships (pool, username, name) VALUES (?, ?, ?)", user.poolID, user.username,
            group.name)
    }

    func remove(_ user: User, from group: Group) throws {
        try execute(
            "DELETE FROM memberships WHERE pool = ? AND username = ? AND name = ?", user.poolID, user.username,
            group.name)
    }
}
