import Iceberg
import ServiceKit

private let columns = """
    iceberg_table.id, iceberg_table.uuid, iceberg_table.name, kind, source, source_name, warehouse,
    iceberg_table.encryption_key, iceberg_table.created, modified, token, metadata, expiration_days, follows, backfill,
    failure, iceberg_table.policy, iceberg_table.tags, is_given_up, table_namespace.id, table_namespace.uuid,
    table_namespace.name, table_namespace.created,
    table_bucket.id, table_bucket.uuid, account, region, table_bucket.name, is_managed, table_bucket.created,
    table_bucket.policy, table_bucket.encryption_key, table_bucket.tags
    FROM iceberg_table JOIN table_namespace ON table_namespace.id = namespace
    JOIN table_bucket ON table_bucket.id = table_bucket
    """

extension IcebergTable {
    fileprivate init(_ row: Row) throws {
        let namespace = TableNamespace(
            id: try row[19], uuid: try row[20], name: try row[21], created: try row[22],
            bucket: try TableBucket(row, from: 23))
        self.init(
            id: try row[0], uuid: try row[1], name: try row[2], kind: try row[3], namespace: namespace,
            source: try row[4], sourceName: try row[5], warehouse: try row[6], encryptionKey: try row[7],
            created: try row[8], modified: try row[9], token: try row[10], metadata: try row[11],
            expirationDays: try row[12], follows: try row[13], backfill: try row[14], failure: try row[15],
            policyText: try row[16], tags: try Tags(encoded: try row[17]), isGivenUp: try row[18])
    }
}

extension Snapshot {
    func table(_ id: Int64) throws -> IcebergTable? {
        try first("SELECT \(columns) WHERE iceberg_table.id = ?", id, body: IcebergTable.init)
    }

    func table(_ name: String, in namespace: TableNamespace) throws -> IcebergTable? {
        try first(
            "SELECT \(columns) WHERE namespace = ? AND iceberg_table.name = ?", namespace.id, name,
            body: IcebergTable.init)
    }

    func table(uuid: String, in bucket: TableBucket) throws -> IcebergTable? {
        try first(
            "SELECT \(columns) WHERE table_bucket = ? AND iceberg_table.uuid = ?", bucket.id, uuid,
            body: IcebergTable.init)
    }

    /// The table whose files a bucket has.
    func table(inWarehouse name: String) throws -> IcebergTable? {
        try first("SELECT \(columns) WHERE warehouse = ?", name, body: IcebergTable.init)
    }

    /// The tables of a bucket behind one of them, in the order of their namespaces and names.
    func tables(
        in bucket: TableBucket, namespace: String?, after place: (namespace: String, name: String), limit: Int
    ) throws -> [IcebergTable] {
        try rows(
            """
            SELECT \(columns) WHERE table_bucket = ?1 AND (?2 IS NULL OR table_namespace.name = ?2)
                AND (table_namespace.name, iceberg_table.name) > (?3, ?4)
            ORDER BY table_namespace.name, iceberg_table.name LIMIT ?5
            """, bucket.id, namespace, place.namespace, place.name, limit, body: IcebergTable.init)
    }

    func allTables() throws -> [IcebergTable] {
        try rows("SELECT \(columns) ORDER BY iceberg_table.id", body: IcebergTable.init)
    }

    /// The files of a table's present state; of an inventory those without rows too.
    func dataFiles(of table: Int64) throws -> [StoredDataFile] {
        try rows(
            """
            SELECT id, key, rows, size, metrics, snapshot, sequence, day, is_open, after, through FROM iceberg_file
            WHERE iceberg_table = ? AND removed IS NULL ORDER BY after, id
            """, table, body: StoredDataFile.init)
    }

    /// Those of them that tell no longer how things are.
    func staleFiles(of table: Int64) throws -> Set<Int64> {
        Set(
            try rows(
                "SELECT id FROM iceberg_file WHERE iceberg_table = ? AND removed IS NULL AND is_stale", table
            ) { try $0[0] })
    }

    /// The states that readers may still be at, the oldest first.
    func snapshots(of table: IcebergTable) throws -> [StoredSnapshot] {
        try rows(
            """
            SELECT id, sequence, parent, time, operation, rows, files, list, manifest, metadata FROM iceberg_snapshot
            WHERE iceberg_table = ? ORDER BY sequence
            """, table.id
        ) { row in
            let (operation, list): (String, String) = (try row[4], try row[7])
            let snapshot = TableMetadata.Snapshot(
                id: try row[0], sequence: try row[1], parent: try row[2], time: try row[3],
                manifestList: "\(table.location)/\(list)",
                operation: TableMetadata.Snapshot.Operation(rawValue: operation) ?? .overwrite, rows: try row[5],
                files: try row[6])
            return StoredSnapshot(snapshot: snapshot, list: list, manifest: try row[8], metadata: try row[9])
        }
    }
}

extension StoredDataFile {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row[0], key: try row[1], rows: try row[2], size: try row[3], metrics: try row[4],
            snapshot: try row[5], sequence: try row[6], day: try row[7], isOpen: try row[8], after: try row[9],
            through: try row[10])
    }
}

extension Transaction {
    /// Makes a table that has no state yet, and the bucket of its files.
    func create(_ table: NewTable, in namespace: TableNamespace, at now: Timestamp) throws -> Int64 {
        let warehouse = "\(Identifier.lowercase(32))\(BucketName.warehouseSuffix)"
        try createBucket(
            named: warehouse, account: namespace.bucket.account, region: namespace.bucket.region, at: now,
            configurations: [:])
        try execute(
            """
            INSERT INTO iceberg_table (uuid, namespace, name, kind, source, source_name, warehouse, encryption_key,
                created, modified, token, metadata, expiration_days, follows, backfill)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, '', ?11, ?12, ?13)
            """, Identifier.uuid(), namespace.id, table.name, table.kind, table.source.id, table.source.name, warehouse,
            table.encryptionKey, now, Identifier.lowercase(20), table.expirationDays, table.follows,
            table.kind == .inventory ? "" : nil)
        let id = try lastInsertedRowID
        announce(JournalRecord.topic)
        return id
    }

    /// Gives a table that has none its first state.
    func setFirstState(of table: IcebergTable, to metadata: String) throws {
        try execute(
            "UPDATE iceberg_table SET token = ?, metadata = ?, failure = NULL WHERE id = ?", Identifier.lowercase(20),
            metadata, table.id)
    }

    func setExpiration(of table: Int64, days: Int64?) throws {
        try execute("UPDATE iceberg_table SET expiration_days = ? WHERE id = ?", days, table)
    }

    func setPolicy(of table: IcebergTable, to policy: String?) throws {
        try execute("UPDATE iceberg_table SET policy = ? WHERE id = ?", policy, table.id)
        announce(S3Store.bucketTopic)
    }

    func setTags(of table: IcebergTable, to tags: Tags) throws {
        try execute("UPDATE iceberg_table SET tags = ? WHERE id = ?", tags.encoded, table.id)
        announce(S3Store.bucketTopic)
    }

    /// Lets a journal be as it is for good, and the inventory that follows it.
    func giveUp(_ journal: IcebergTable) throws {
        try execute("UPDATE iceberg_table SET is_given_up = 1 WHERE id = ?", journal.id)
        try execute("UPDATE iceberg_table SET follows = NULL WHERE follows = ?", journal.id)
    }

    /// Lets an inventory be as it is.
    func stopFollowing(_ table: Int64) throws {
        try execute("UPDATE iceberg_table SET follows = NULL WHERE id = ?", table)
    }

    func setBackfill(of table: Int64, to key: String?) throws {
        try execute("UPDATE iceberg_table SET backfill = ? WHERE id = ?", key, table)
    }

    func setFailure(of table: Int64, to failure: String?) throws {
        try execute("UPDATE iceberg_table SET failure = ? WHERE id = ?", failure, table)
    }

    /// - Returns: the file's number.
    func insert(_ file: NewDataFile.Place, _ data: WrittenFile, of table: IcebergTable) throws -> Int64 {
        let (day, isOpen, after, through): (Int64, Bool, String?, String?) =
            switch file {
            case .day(let day, let isOpen): (day, isOpen, nil, nil)
            case .keys(let after, let through): (0, false, after, through)
            }
        try execute(
            """
            INSERT INTO iceberg_file (iceberg_table, key, rows, size, metrics, snapshot, sequence, day, is_open, after,
                through)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, table.id, data.key, data.rows, data.size, data.metrics, data.snapshot, data.sequence, day, isOpen,
            after, through)
        return try lastInsertedRowID
    }

    func remove(_ files: Set<Int64>, asOf sequence: Int64) throws {
        for file in files { try execute("UPDATE iceberg_file SET removed = ? WHERE id = ?", sequence, file) }
    }

    func insert(_ state: StoredSnapshot, of table: IcebergTable, at now: Timestamp) throws {
        let snapshot = state.snapshot
        try execute(
            "INSERT INTO iceberg_snapshot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", table.id, snapshot.sequence,
            snapshot.id, snapshot.parent, snapshot.time, snapshot.operation.rawValue, snapshot.rows, snapshot.files,
            state.list, state.manifest, state.metadata)
        try execute(
            "UPDATE iceberg_table SET modified = ?, token = ?, metadata = ?, failure = NULL WHERE id = ?", now,
            Identifier.lowercase(20), state.metadata, table.id)
    }

    /// Forgets the states before one, and tells the keys of the files that no later one has.
    func forgetSnapshots(of table: IcebergTable, before sequence: Int64) throws -> [String] {
        var keys: [String] = []
        try scan(
            "SELECT list, manifest, metadata FROM iceberg_snapshot WHERE iceberg_table = ? AND sequence < ?", table.id,
            sequence
        ) { row in
            keys += [try row[0], try row[1], try row[2]]
            return .next
        }
        keys += try rows(
            "SELECT key FROM iceberg_file WHERE iceberg_table = ? AND removed <= ? AND rows > 0", table.id, sequence
        ) { try $0[0] }
        try execute("DELETE FROM iceberg_snapshot WHERE iceberg_table = ? AND sequence < ?", table.id, sequence)
        try execute("DELETE FROM iceberg_file WHERE iceberg_table = ? AND removed <= ?", table.id, sequence)
        return keys
    }

    /// Deletes a table with all its files' rows, and tells which files are no longer needed.
    func delete(_ table: IcebergTable) throws -> [String] {
        for name in ["journal_record", "iceberg_file", "iceberg_snapshot"] {
            try execute("DELETE FROM \(name) WHERE iceberg_table = ?", table.id)
        }
        try execute("DELETE FROM iceberg_table WHERE id = ?", table.id)
        announce(S3Store.bucketTopic)
        guard let warehouse = try bucketRow(named: table.warehouse) else { return [] }
        let unneeded = try rows(
            "SELECT segments FROM object WHERE bucket = ? AND segments IS NOT NULL", warehouse.id
        ) { try [Segment](encoded: try $0[0]).map(\.file) }
        try execute("DELETE FROM object WHERE bucket = ?", warehouse.id)
        _ = try deleteBucketIfEmpty(warehouse.id)
        return unneeded.flatMap(\.self)
    }
}
