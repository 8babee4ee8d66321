import ServiceKit

extension Snapshot {
    private static let columns = "account, name, path, unique_id, created, role, tags"

    /// - Throws: `NoSuchEntity`
    func requireInstanceProfile(_ name: String, of account: String) throws -> InstanceProfile {
        let profile = try first(
            "SELECT \(Self.columns) FROM instance_profile WHERE account = ? AND name = ?", account, name,
            body: InstanceProfile.init)
        guard let profile else { throw ServiceError.instanceProfileNotFound(name) }
        return profile
    }

    /// - Parameter role: `nil` for all.
    func instanceProfiles(of account: String, role: String? = nil) throws -> [InstanceProfile] {
        try rows(
            "SELECT \(Self.columns) FROM instance_profile WHERE account = ? AND (? IS NULL OR role = ?) ORDER BY name",
            account, role, role, body: InstanceProfile.init)
    }

    func output(_ profile: InstanceProfile) throws -> InstanceProfileOutput {
        InstanceProfileOutput(
            profile: profile, role: try profile.role.flatMap { try identity(.role, $0, of: profile.account) })
    }
}

extension Transaction {
    /// - Throws: `EntityAlreadyExists`
    func insert(_ profile: InstanceProfile) throws {
        let count = try execute(
            "INSERT OR IGNORE INTO instance_profile VALUES (?, ?, ?, ?, ?, ?, ?)", profile.account, profile.name,
            profile.path, profile.uniqueID, profile.created, profile.role, profile.tags.encoded)
        guard count == 1 else {
            throw ServiceError.exists("Instance Profile \(profile.name) already exists.")
        }
    }

    func setRole(_ role: String?, of profile: InstanceProfile) throws {
        try execute(
            "UPDATE instance_profile SET role = ? WHERE account = ? AND name = ?", role, profile.account, profile.name)
    }

    func delete(_ profile: InstanceProfile) throws {
        try execute("DELETE FROM instance_profile WHERE account = ? AND name = ?", profile.account, profile.name)
    }
}

extension InstanceProfile {
    fileprivate init(_ row: Row) throws {
        account = try row[0]
        name = try row[1]
        path = try row[2]
        uniqueID = try row[3]
        created = try row[4]
        role = try row[5]
        tags = try [Tag](encoded: try row[6])
    }
}
