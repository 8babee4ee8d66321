import Iceberg
import ServiceKit

/// A file that is written, and in no table yet.
struct WrittenFile: Sendable {
    let key: String
    let rows: Int64
    let size: Int64
    let metrics: [UInt8]
    let snapshot: Int64
    let sequence: Int64
}

/// What a table's next state is made of.
struct TableChange: Sendable {
    var added: [NewDataFile] = []
    /// The numbers of files that the next state has no longer.
    var removed: Set<Int64> = []
    let operation: TableMetadata.Snapshot.Operation
}

/// Writes new states of tables: files first, and then in one transaction what makes them the table's.
struct TableWriter: Sendable {
    /// States that readers may be at, and for how long.
    static let snapshots = 100
    static let snapshotAge = Duration.seconds(3600)

    let store: S3Store
    let clock: any WallClock

    /// - Parameter then: in the same transaction, with the numbers of the added files in their order.
    /// - Throws: `ConflictException` where the table changed or went meanwhile.
    func commit(
        _ change: TableChange, to table: IcebergTable,
        then: @escaping @Sendable (Transaction, [Int64]) throws -> Void
    ) async throws {
        let call = call(for: table)
        let (files, past) = try await store.read { (try $0.dataFiles(of: table.id), try $0.snapshots(of: table)) }
        let id = Int64.random(in: 1 ... .max)
        let sequence = (past.last?.snapshot.sequence ?? 0) + 1
        var drafts = TableDrafts(writer: self, table: table, call: call)
        do {
            let data = try await drafts.write(change.added, snapshot: id, sequence: sequence)
            let live =
                files.filter { $0.rows > 0 && !change.removed.contains($0.id) }.map { $0.file(in: table) }
                + data.filter { $0.rows > 0 }.map { file in
                    DataFile(
                        path: "\(table.location)/\(file.key)", rows: file.rows, size: file.size,
                        metrics: file.metrics, snapshot: id, sequence: sequence)
                }
            let kept = kept(of: past, at: call.now)
            let state = try await drafts.write(
                Manifest(columns: table.columns, files: live, snapshot: id, sequence: sequence),
                after: kept, parent: past.last?.snapshot.id, change.operation)
            try await record(state, data, change, drafts.all, table, call, from: kept.first, then)
        } catch {
            store.files.remove(drafts.all.flatMap(\.content.files))
            throw error
        }
    }

    /// Gives a new table its first state, which has no rows.
    func create(_ table: IcebergTable) async throws {
        let call = call(for: table)
        let metadata = TableMetadata(
            id: table.uuid, location: table.location, columns: table.columns, snapshots: [],
            updated: call.now.milliseconds)
        let warehouse = try await store.warehouse(of: table)
        let key = "metadata/00000-\(Identifier.uuid()).metadata.json"
        let draft = try await store.draft(metadata.bytes, as: key, in: warehouse, of: table, call)
        try await store.discarding(draft.content.files) {
            try await store.database.write { transaction in
                guard try transaction.table(table.id)?.token == table.token else { throw ServiceError.tableChanged }
                _ = try transaction.put(draft, in: warehouse, for: call)
                try transaction.setFirstState(of: table, to: key)
            }
        }
    }

    /// Counted from when the next state came: before that whoever asked was given it.
    private func kept(of past: [StoredSnapshot], at now: Timestamp) -> [StoredSnapshot] {
        let oldest = (now - Self.snapshotAge).milliseconds
        let outdated = zip(past, past.dropFirst()).prefix { $1.snapshot.time < oldest }.count
        return Array(past.dropFirst(outdated).suffix(Self.snapshots - 1))
    }

    private func record(
        _ state: StoredSnapshot, _ data: [WrittenFile], _ change: TableChange, _ drafts: [ObjectDraft],
        _ table: IcebergTable, _ call: Call, from oldest: StoredSnapshot?,
        _ then: @escaping @Sendable (Transaction, [Int64]) throws -> Void
    ) async throws {
        let warehouse = try await store.warehouse(of: table)
        let files = store.files
        try await store.database.write { transaction in
            guard try transaction.table(table.id)?.token == table.token else { throw ServiceError.tableChanged }
            for draft in drafts { _ = try transaction.put(draft, in: warehouse, for: call) }
            try transaction.remove(change.removed, asOf: state.snapshot.sequence)
            let numbers = try zip(change.added, data).map { try transaction.insert($0.place, $1, of: table) }
            try transaction.insert(state, of: table, at: call.now)
            let first = oldest?.snapshot.sequence ?? state.snapshot.sequence
            var unneeded: [String] = []
            // Of the table as it was made, which no snapshot has.
            let gone = try transaction.forgetSnapshots(of: table, before: first)
            for key in gone + (state.snapshot.sequence == 1 ? [table.metadata] : []) {
                unneeded += try transaction.remove(key, version: nil, in: warehouse, call: call).unneeded
            }
            try then(transaction, numbers)
            transaction.afterCommit { [unneeded] in files.remove(unneeded) }
        }
    }

    /// S3's own call, for what is written into a table.
    private func call(for table: IcebergTable) -> Call {
        Call(
            caller: .service("metadata.s3.amazonaws.com", account: table.bucket.account), service: "s3",
            operation: "PutObject", region: table.bucket.region, account: table.bucket.account, now: clock.now,
            requestID: Identifier.uuid(), deadline: clock.now + .seconds(60))
    }
}
