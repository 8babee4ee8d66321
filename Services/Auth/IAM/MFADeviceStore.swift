import ServiceKit

extension Snapshot {
    private static let columns =
        "serial, account, seed, tags, user, enabled, drift, last_step, failures, rests, taken_for"

    /// - Parameter holder: whose it has to be; `nil` for anybody's and nobody's.
    /// - Throws: `NoSuchEntity`
    func requireMFADevice(_ serial: String, of account: String, holder: MFAHolder? = nil) throws -> MFADevice {
        let device = try first(
            "SELECT \(Self.columns) FROM mfa_device WHERE account = ? AND serial = ?", account, serial,
            body: MFADevice.init)
        guard let device, holder == nil || device.use?.holder.stored.lowercased() == holder?.stored.lowercased() else {
            throw ServiceError.mfaDeviceNotFound(serial)
        }
        return device
    }

    func mfaDevices(of account: String) throws -> [MFADevice] {
        try rows(
            "SELECT \(Self.columns) FROM mfa_device WHERE account = ? ORDER BY serial", account, body: MFADevice.init)
    }

    func mfaDevices(of holder: MFAHolder, in account: String) throws -> [MFADevice] {
        try rows(
            "SELECT \(Self.columns) FROM mfa_device WHERE account = ? AND user = ? ORDER BY serial", account,
            holder.stored, body: MFADevice.init)
    }
}

extension Transaction {
    /// - Throws: `EntityAlreadyExists`
    func insert(_ device: MFADevice) throws {
        let count = try execute(
            "INSERT OR IGNORE INTO mfa_device (serial, account, seed, tags) VALUES (?, ?, ?, ?)", device.serial,
            device.account, device.sealedSeed, device.tags.encoded)
        guard count == 1 else {
            throw ServiceError.exists("MFADevice entity at the same path and name already exists.")
        }
    }

    /// - Parameter use: `nil` takes the device from its holder.
    func setUse(_ use: MFADevice.Use?, of device: MFADevice) throws {
        try execute(
            """
            UPDATE mfa_device SET user = ?, enabled = ?, drift = ?, last_step = ?, failures = ?, rests = ?,
                taken_for = ? WHERE account = ? AND serial = ?
            """, use?.holder.stored, use?.enabled, use?.drift, use?.lastStep, use?.failures, use?.rests, use?.takenFor,
            device.account, device.serial)
    }

    func setTags(_ tags: [Tag], of device: MFADevice) throws {
        try execute(
            "UPDATE mfa_device SET tags = ? WHERE account = ? AND serial = ?", tags.encoded, device.account,
            device.serial)
    }

    func delete(_ device: MFADevice) throws {
        try execute("DELETE FROM mfa_device WHERE account = ? AND serial = ?", device.account, device.serial)
    }
}

extension MFAHolder {
    /// Root is the empty name, which no user has.
    fileprivate var stored: String { self == .root ? "" : name }

    fileprivate init(stored: String) { self = stored.isEmpty ? .root : .user(stored) }
}

extension MFADevice {
    fileprivate init(_ row: Row) throws {
        serial = try row[0]
        account = try row[1]
        sealedSeed = try row[2]
        tags = try [Tag](encoded: try row[3])
        let user: String? = try row[4]
        use = try user.map {
            Use(
                holder: MFAHolder(stored: $0), enabled: try row[5], drift: try row[6], lastStep: try row[7],
                failures: try row[8], rests: try row[9], takenFor: try row[10])
        }
    }
}
