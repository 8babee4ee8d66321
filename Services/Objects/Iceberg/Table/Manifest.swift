import JSON

/// The list of a snapshot's data files.
///
/// [Manifests](https://iceberg.apache.org/spec/#manifests)
public struct Manifest: Sendable {
    private enum Status: Int64 {
        case existing = 0
        case added = 1
    }

    public let columns: [Column]
    public let files: [DataFile]
    /// The snapshot it is written for.
    public let snapshot: Int64
    public let sequence: Int64

    public init(columns: [Column], files: [DataFile], snapshot: Int64, sequence: Int64) {
        (self.columns, self.files, self.snapshot, self.sequence) = (columns, files, snapshot, sequence)
    }

    /// - Parameter mark: sixteen random bytes.
    public func bytes(mark: [UInt8]) -> [UInt8] {
        let metadata = [
            ("schema", TableSchema.text(of: columns)), ("schema-id", "0"), ("partition-spec", "[]"),
            ("partition-spec-id", "0"), ("format-version", "2"), ("content", "data"),
        ]
        return AvroFile.bytes(schema: Self.schema, metadata: metadata, records: files.map(record), mark: mark)
    }

    /// What this snapshot brought, and what it found.
    var added: [DataFile] { files.filter { $0.snapshot == snapshot } }
    var existing: [DataFile] { files.filter { $0.snapshot != snapshot } }

    private func record(of file: DataFile) -> [UInt8] {
        var record = AvroWriter()
        record.number((file.snapshot == snapshot ? Status.added : .existing).rawValue)
        record.some(file.snapshot)
        record.some(file.sequence)
        record.some(file.sequence)
        // Data rather than deletes.
        record.number(0)
        record.text(file.path)
        record.text("PARQUET")
        record.number(file.rows)
        record.number(file.size)
        record.append(file.metrics ?? ColumnMetrics.none)
        return record.bytes
    }

    private static let schema = """
        {"type":"record","name":"manifest_entry","fields":[
        {"name":"status","type":"int","field-id":0},
        {"name":"snapshot_id","type":["null","long"],"default":null,"field-id":1},
        {"name":"sequence_number","type":["null","long"],"default":null,"field-id":3},
        {"name":"file_sequence_number","type":["null","long"],"default":null,"field-id":4},
        {"name":"data_file","field-id":2,"type":{"type":"record","name":"r2","fields":[
        {"name":"content","type":"int","field-id":134},
        {"name":"file_path","type":"string","field-id":100},
        {"name":"file_format","type":"string","field-id":101},
        {"name":"partition","type":{"type":"record","name":"r102","fields":[]},"field-id":102},
        {"name":"record_count","type":"long","field-id":103},
        {"name":"file_size_in_bytes","type":"long","field-id":104},
        \(ColumnMetrics.fields)]}}]}
        """
}

/// The manifests of a snapshot; here always one.
///
/// [Manifest lists](https://iceberg.apache.org/spec/#manifest-lists)
public struct ManifestList: Sendable {
    public let manifest: Manifest
    /// `s3://…`
    public let path: String
    /// The manifest's, in bytes.
    public let size: Int64
    public let parent: Int64?

    public init(_ manifest: Manifest, path: String, size: Int64, parent: Int64?) {
        (self.manifest, self.path, self.size, self.parent) = (manifest, path, size, parent)
    }

    /// - Parameter mark: sixteen random bytes.
    public func bytes(mark: [UInt8]) -> [UInt8] {
        let metadata = [
            ("snapshot-id", "\(manifest.snapshot)"), ("parent-snapshot-id", parent.map { "\($0)" } ?? "null"),
            ("sequence-number", "\(manifest.sequence)"), ("format-version", "2"),
        ]
        return AvroFile.bytes(schema: Self.schema, metadata: metadata, records: [record], mark: mark)
    }

    private var record: [UInt8] {
        let (added, existing) = (manifest.added, manifest.existing)
        var record = AvroWriter()
        record.text(path)
        record.number(size)
        // The partition specification, and data rather than deletes.
        record.number(0)
        record.number(0)
        record.number(manifest.sequence)
        record.number(manifest.files.map(\.sequence).min() ?? manifest.sequence)
        record.number(manifest.snapshot)
        for count in [added.count, existing.count, 0] { record.number(Int64(count)) }
        for files in [added, existing, []] { record.number(files.reduce(0) { $0 + $1.rows }) }
        return record.bytes
    }

    private static let schema = """
        {"type":"record","name":"manifest_file","fields":[
        {"name":"manifest_path","type":"string","field-id":500},
        {"name":"manifest_length","type":"long","field-id":501},
        {"name":"partition_spec_id","type":"int","field-id":502},
        {"name":"content","type":"int","field-id":517},
        {"name":"sequence_number","type":"long","field-id":515},
        {"name":"min_sequence_number","type":"long","field-id":516},
        {"name":"added_snapshot_id","type":"long","field-id":503},
        {"name":"added_files_count","type":"int","field-id":504},
        {"name":"existing_files_count","type":"int","field-id":505},
        {"name":"deleted_files_count","type":"int","field-id":506},
        {"name":"added_rows_count","type":"long","field-id":512},
        {"name":"existing_rows_count","type":"long","field-id":513},
        {"name":"deleted_rows_count","type":"long","field-id":514}]}
        """
}
