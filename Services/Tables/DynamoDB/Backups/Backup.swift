import ServiceKit

/// An on-demand backup: what the table was, and the file its items are in.
struct Backup: Sendable {
    let arn: String
    let name: String
    let createdAt: Timestamp
    let table: TableDefinition
    let items: Int64
    let bytes: Int64
    let file: String

    /// `arn:aws:dynamodb:…:table/NAME/backup/01489602797149-73d8d5bc`
    static func arn(of table: TableDefinition, at now: Timestamp) -> ARN { table.arn(ofNew: "backup", at: now) }
}

extension TableDefinition {
    /// The ARN of a backup, an export or an import of this table that begins now; they sort by time.
    func arn(ofNew kind: String, at now: Timestamp) -> ARN {
        var arn = arn
        arn.resource += "/\(kind)/\(now.milliseconds.digits(14))-\(Identifier.uuid().prefix(8))"
        return arn
    }
}

/// What a file is written of, from one moment's snapshot.
protocol FileContent: Sendable {
    func write(to file: inout BackupFileWriter, from snapshot: Snapshot) throws
}

/// Which state of a table is written out: how it is, or how it was.
struct TableImage: FileContent {
    let table: TableDefinition
    /// `nil` for now.
    let time: Timestamp?

    /// Writes the items of that moment.
    ///
    /// The past is the present with the changes since then undone: of every key changed later, what it held before
    /// the first of these changes.
    func write(to file: inout BackupFileWriter, from snapshot: Snapshot) throws {
        var changed: Set<[UInt8]> = []
        if let time {
            try snapshot.scanHistory(of: table, after: time) { key, old in
                guard changed.insert(key).inserted, let old else { return }
                try file.append(old)
            }
        }
        try snapshot.scanItems(of: table, KeyRange.everything) { key, bytes in
            if !changed.contains(key) { try file.append(StoredItem(bytes: Array(bytes))) }
            return .next
        }
    }
}

/// Point-in-time recovery of a table that has it.
struct PointInTimeRecovery: Sendable, Hashable {
    static let longestDays: Int64 = 35

    /// Changes are kept since then.
    let since: Timestamp
    var days: Int64

    func earliest(at now: Timestamp) -> Timestamp { max(since, now - .seconds(days * 86400)) }

    /// - Throws: for a moment that cannot be restored.
    func check(_ time: Timestamp, at now: Timestamp) throws(ServiceError) {
        // Clients send whole seconds: the second it was turned on in counts.
        guard time.seconds >= earliest(at: now).seconds, time <= now else {
            throw ServiceError(
                "InvalidRestoreTimeException",
                "An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and "
                    + "LatestRestorableDateTime.")
        }
    }
}

extension PointInTimeRecovery: InputShape, OutputShape {
    init(_ member: Members) throws {
        since = try member("since")
        days = try member("days")
    }

    func write(to json: inout JSONWriter) {
        json.member("since", since)
        json.member("days", days)
    }
}

/// What a table being filled from a file has come to, and where it came from.
struct Restoration: Sendable, Hashable {
    let file: String
    /// Where the next item stands; `nil` once all are in.
    var offset: Int64?
    let sourceTable: String
    let sourceBackup: String?
    let time: Timestamp
    /// The file is there for this only.
    let isOwner: Bool
}

extension Restoration: InputShape, OutputShape {
    init(_ member: Members) throws {
        file = try member("file")
        offset = try member("offset")
        sourceTable = try member("sourceTable")
        sourceBackup = try member("sourceBackup")
        time = try member("time")
        isOwner = try member("isOwner")
    }

    func write(to json: inout JSONWriter) {
        json.member("file", file)
        json.member("offset", offset)
        json.member("sourceTable", sourceTable)
        json.member("sourceBackup", sourceBackup)
        json.member("time", time)
        json.member("isOwner", isOwner)
    }
}
