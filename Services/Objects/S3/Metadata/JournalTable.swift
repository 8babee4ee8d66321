import Iceberg
import ServiceKit

/// Brings noted changes into a journal table.
///
/// Every append is a small file, whose records stay where they were noted. When a day has many such files their records
/// are written once more as one, and when the day is over, or the file is large, they are needed here no longer: so no file
/// is ever read again, and one never has records of two days, which is what record expiration goes by.
struct JournalTable: Sendable {
    /// Records that one step takes.
    static let batch = 10_000
    /// Open files of a day, before they become one.
    static let openFiles = 8
    /// Records of a file that is not written once more.
    static let largeFile: Int64 = 30_000

    let writer: TableWriter
    let table: IcebergTable

    /// What becomes of a day's records.
    private struct Step {
        let day: Int64
        let file: NewDataFile
        /// Open files whose records the new one has too.
        let merged: [Int64]
        /// The last of the records that were in no file.
        let last: Int64?
        let isOpen: Bool
    }

    /// Does one step; returns whether another one would find something to do.
    func advance() async throws -> Bool {
        let id = table.id
        let (pending, files) = try await writer.store.read { snapshot in
            (try snapshot.pendingRecords(of: id, limit: Self.batch), try snapshot.dataFiles(of: id))
        }
        let today = JournalRecord.day(of: writer.clock.now)
        let steps = try await steps(pending, files.filter(\.isOpen), today)
        let expired = files.filter { isExpired($0, today) }.map(\.id)
        guard !steps.isEmpty || !expired.isEmpty else { return false }
        let operation: TableMetadata.Snapshot.Operation =
            expired.isEmpty ? (pending.isEmpty ? .replace : .append) : .overwrite
        var change = TableChange(operation: operation)
        change.added = steps.map(\.file)
        change.removed = Set(steps.flatMap(\.merged) + expired)
        // By their bytes: two spellings of a letter are two keys.
        let keys = Set(pending.map { Array($0.key.utf8) })
        try await writer.commit(change, to: table) { transaction, numbers in
            for (step, number) in zip(steps, numbers) {
                try transaction.move(
                    recordsOf: id, pendingOn: step.day, through: step.last, from: step.merged, to: number,
                    keeping: step.isOpen)
            }
            try transaction.markStale(keys, inInventoryOf: id)
        }
        return pending.count == Self.batch
    }

    private func steps(_ pending: [JournalRecord], _ open: [StoredDataFile], _ today: Int64) async throws -> [Step] {
        let arrived = Dictionary(grouping: pending, by: \.day)
        let days = Set(arrived.keys).union(open.map(\.day).filter { $0 < today })
        var steps: [Step] = []
        for day in days.sorted() {
            steps.append(
                try await step(day, arrived[day] ?? [], open.filter { $0.day == day }, isOver: day < today))
        }
        return steps
    }

    private func step(
        _ day: Int64, _ arrived: [JournalRecord], _ open: [StoredDataFile], isOver: Bool
    ) async throws -> Step {
        let count = open.reduce(Int64(arrived.count)) { $0 + $1.rows }
        let closes = isOver || count >= Self.largeFile
        let merged = closes || open.count >= Self.openFiles ? open.map(\.id) : []
        let id = table.id
        let earlier = try await writer.store.read { snapshot in
            try merged.flatMap { try snapshot.records(of: id, inFile: $0) }
        }
        let rows = try (earlier + arrived).sorted { $0.id < $1.id }.map { try $0.cells() }
        return Step(
            day: day, file: NewDataFile(rows: rows, place: .day(day, isOpen: !closes)), merged: merged,
            last: arrived.last?.id, isOpen: !closes)
    }

    private func isExpired(_ file: StoredDataFile, _ today: Int64) -> Bool {
        guard let days = table.expirationDays, !file.isOpen else { return false }
        // The last record of the day is as old by then.
        return file.day < today - days
    }
}
