import Iceberg
import ServiceKit

/// Keeps an inventory table as its bucket is.
///
/// Each file has the versions of a stretch of keys. First they are written one after the other, and then again those in
/// whose stretch the journal told of a change: from the bucket itself, so that no file is ever read.
struct InventoryTable: Sendable {
    /// Rows of a file; more where one key has more versions.
    static let fileRows = 20_000
    /// Files that one step writes anew.
    static let filesInStep = 2

    let writer: TableWriter
    let table: IcebergTable

    /// Does one step; returns whether another one would find something to do.
    func advance() async throws -> Bool {
        guard table.follows != nil, let source = try await writer.store.existingBucket(named: table.sourceName),
            source.id == table.source
        else { return false }
        if let key = table.backfill { return try await extend(from: key, source) }
        return try await refresh(source)
    }

    /// Writes the next stretch of a bucket that was not gone through yet.
    private func extend(from key: String, _ source: Bucket) async throws -> Bool {
        let page = try await page(of: source, after: key, through: nil)
        var change = TableChange(operation: .append)
        change.added = [
            NewDataFile(content: page.content, place: .keys(after: key, through: page.end))
        ]
        let id = table.id
        try await writer.commit(change, to: table) { transaction, _ in
            try transaction.setBackfill(of: id, to: page.end)
        }
        return page.end != nil
    }

    /// Writes anew what has changed, a few stretches at a time.
    private func refresh(_ source: Bucket) async throws -> Bool {
        let id = table.id
        let (files, stale) = try await writer.store.read { (try $0.dataFiles(of: id), try $0.staleFiles(of: id)) }
        let stretches = Self.stretches(of: files, stale)
        guard !stretches.isEmpty else { return false }
        var change = TableChange(operation: .overwrite)
        for stretch in stretches.prefix(Self.filesInStep) {
            change.removed.formUnion(stretch.map(\.id))
            guard let first = stretch.first, let last = stretch.last else { continue }
            var start: String? = first.after ?? ""
            while let after = start {
                let page = try await page(of: source, after: after, through: last.through)
                change.added.append(
                    NewDataFile(content: page.content, place: .keys(after: after, through: page.end ?? last.through)))
                start = page.end
            }
        }
        try await writer.commit(change, to: table) { _, _ in }
        return stretches.count > Self.filesInStep
    }

    /// Files to write anew, those together that are small and stand side by side.
    static func stretches(of files: [StoredDataFile], _ stale: Set<Int64>) -> [[StoredDataFile]] {
        var stretches: [[StoredDataFile]] = []
        var next = 0
        while next < files.count {
            defer { next += 1 }
            guard stale.contains(files[next].id) else { continue }
            var stretch = [files[next]]
            while next + 1 < files.count,
                stretch.reduce(files[next + 1].rows, { $0 + $1.rows }) < Int64(fileRows / 2)
            {
                next += 1
                stretch.append(files[next])
            }
            stretches.append(stretch)
        }
        return stretches
    }

    private struct Page {
        let content: ParquetFile.Content
        /// The last key, where others follow.
        let end: String?
    }

    /// The versions of the keys behind one, up to and with another: as many as a file has.
    private func page(of source: Bucket, after: String, through last: String?) async throws -> Page {
        let columns = table.columns
        return try await writer.store.read { snapshot in
            // What the journal tells after this is newer than these rows.
            let sequence = JournalRecord.sequenceNumber(try snapshot.lastRecord())
            var file = ParquetFile(columns)
            var key = after
            var end: String?
            try snapshot.scanVersions(in: source, after: after) { object in
                if let last, !ObjectKey.isAscending(object.key, last) { return .stop }
                if file.rows >= Self.fileRows, !ObjectKey.equal(key, object.key) {
                    end = key
                    return .stop
                }
                key = object.key
                try file.append(
                    [.string(source.name), .string(key), .string(sequence)] + (try object.metadataCells()))
                return .next
            }
            return Page(content: try file.finished(), end: end)
        }
    }
}
