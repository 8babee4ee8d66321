import Iceberg
import ServiceKit

/// Brings noted changes into a journal table.
///
/// Every append is a small file, whose records stay where they were noted. When a day has many such files their records
/// are written once more as one, and when the day is over, or the file is large, they are needed here no longer: so no file
/// is ever read again, and one never has records of two days, which is what record expiration goes by.
///
/// A state brings either new records, or the same ones in other files: who reads a table by what its appends brought
/// reads each record once.
struct JournalTable: Sendable {
    /// Records that one append takes.
    static let batch = 10_000
    /// Open files of a day, at which they become one.
    static let openFiles = 8
    /// Records of a file that is not written once more.
    static let largeFile: Int64 = 30_000

    let writer: TableWriter
    let table: IcebergTable

    private var today: Int64 { JournalRecord.day(of: writer.clock.now) }

    /// Records on their way into a file for each of their days.
    private struct Arrived {
        var days: [Int64: ParquetFile] = [:]
        /// By their bytes: two spellings of a letter are two keys.
        var keys: Set<[UInt8]> = []
        var last: Int64 = 0
        var count = 0

        mutating func add(_ record: JournalRecord, _ columns: [Column]) throws {
            try days[record.day, default: ParquetFile(columns)].append(try record.cells())
            keys.insert(Array(record.key.utf8))
            last = record.id
            count += 1
        }
    }

    /// Brings in what was noted; returns whether there was more than one append takes.
    func append() async throws -> Bool {
        let (id, columns) = (table.id, table.columns)
        let arrived = try await writer.store.read { snapshot in
            var arrived = Arrived()
            try snapshot.scanPendingRecords(of: id, limit: Self.batch) { try arrived.add($0, columns) }
            return arrived
        }
        guard arrived.count > 0 else { return false }
        let days = arrived.days.keys.sorted()
        var change = TableChange(operation: .append)
        for day in days {
            guard let file = arrived.days[day] else { continue }
            change.added.append(NewDataFile(content: try file.finished(), place: .day(day, isOpen: true)))
        }
        try await writer.commit(change, to: table) { transaction, numbers in
            for (day, number) in zip(days, numbers) {
                try transaction.take(pendingRecordsOf: id, on: day, through: arrived.last, into: number)
            }
            try transaction.markStale(arrived.keys, inInventoryOf: id)
        }
        return arrived.count == Self.batch
    }

    /// Makes one file of the open ones of days that are over or have many.
    func compact() async throws {
        let id = table.id
        let open = try await writer.store.read { try $0.dataFiles(of: id) }.filter(\.isOpen)
        let groups = Dictionary(grouping: open, by: \.day).values.filter { isClosed($0) || $0.count >= Self.openFiles }
        guard !groups.isEmpty else { return }
        var change = TableChange(operation: .replace)
        for files in groups {
            let day = files[0].day
            let content = try await content(of: day)
            change.added.append(NewDataFile(content: content, place: .day(day, isOpen: !isClosed(files))))
            change.removed.formUnion(files.map(\.id))
        }
        try await writer.commit(change, to: table) { transaction, numbers in
            for (files, number) in zip(groups, numbers) {
                try transaction.move(
                    recordsOf: id, from: files.map(\.id), to: isClosed(files) ? nil : number)
            }
        }
    }

    /// Whether a day's open files become one that is never written again.
    private func isClosed(_ files: [StoredDataFile]) -> Bool {
        files[0].day < today || files.reduce(0) { $0 + $1.rows } >= Self.largeFile
    }

    private func content(of day: Int64) async throws -> ParquetFile.Content {
        let (id, columns) = (table.id, table.columns)
        return try await writer.store.read { snapshot in
            var file = ParquetFile(columns)
            try snapshot.scanOpenRecords(of: id, on: day) { try file.append(try $0.cells()) }
            return try file.finished()
        }
    }

    /// Lets go of the files of days that are over for as long as records are kept.
    func expire() async throws {
        guard let days = table.expirationDays else { return }
        let (id, today) = (table.id, today)
        let files = try await writer.store.read { try $0.dataFiles(of: id) }
        var change = TableChange(operation: .delete)
        // The last record of the day is as old by then.
        change.removed = Set(files.filter { !$0.isOpen && $0.day < today - days }.map(\.id))
        if change.removed.isEmpty { return }
        try await writer.commit(change, to: table) { _, _ in }
    }
}
