import ServiceKit

/// What became of a table's items within a span of time: of each that was written, what it was before and behind it.
///
/// Each is kept as an item whose attributes are the parts of an exported record: `Metadata`, `Keys`, `OldImage`,
/// `NewImage`.
struct TableChanges: FileContent {
    let table: TableDefinition
    let span: ExportSpan

    /// One key's part of the history. Old images are looked up when they are written: of a day's changes they need not
    /// have room in memory.
    private struct Change {
        /// Of the first change within the span: what it replaced.
        let first: Int64
        var last: Int64
        var lastTime: Timestamp
        /// Of the first change behind the span: what that replaced was there at the span's end.
        var next: Int64?
    }

    func write(to file: inout BackupFileWriter, from snapshot: Snapshot) throws {
        var changes: [[UInt8]: Change] = [:]
        // The span begins with its first moment and ends before its last.
        try snapshot.scanHistoryKeys(of: table, after: span.from - .milliseconds(1)) { key, sequence, time in
            if time < span.to {
                var change = changes[key] ?? Change(first: sequence, last: sequence, lastTime: time)
                change.last = sequence
                change.lastTime = time
                changes[key] = change
            } else if changes[key]?.next == nil {
                changes[key]?.next = sequence
            }
        }
        for (key, change) in changes.sorted(by: { $0.value.last < $1.value.last }) {
            if let record = try record(key, change, in: snapshot) { try file.append(StoredItem(record)) }
        }
    }

    private func record(_ key: [UInt8], _ change: Change, in snapshot: Snapshot) throws -> AttributeMap? {
        let old = try snapshot.oldItem(change.first)?.attributes()
        let new =
            if let next = change.next { try snapshot.oldItem(next)?.attributes() } else {
                try snapshot.item(key, in: table)?.attributes()
            }
        // What was put and deleted again is neither before nor behind: its last change knows it still.
        guard let any = try old ?? new ?? snapshot.oldItem(change.last)?.attributes() else { return nil }
        let written = DynamoDBNumber(Int(ReplicaVersion.ticks(change.lastTime)))
        var record: AttributeMap = [
            "Metadata": .map(["WriteTimestampMicros": .number(written)]),
            "Keys": .map(any.keys(of: table)),
        ]
        if span.view == .newAndOldImages { record["OldImage"] = old.map { .map($0) } }
        record["NewImage"] = new.map { .map($0) }
        return record
    }
}

extension AttributeMap {
    fileprivate func keys(of table: TableDefinition) -> AttributeMap {
        AttributeMap(unsorted: entries.filter { table.schema.names.contains($0.name) })
    }
}
