import Iceberg
import ServiceKit

/// The objects that a new state of a table needs, written and not yet recorded.
struct TableDrafts: Sendable {
    let writer: TableWriter
    let table: IcebergTable
    let call: Call
    private(set) var all: [ObjectDraft] = []

    init(writer: TableWriter, table: IcebergTable, call: Call) {
        (self.writer, self.table, self.call) = (writer, table, call)
    }

    /// Data files; for one without rows there is none.
    mutating func write(_ added: [NewDataFile], snapshot: Int64, sequence: Int64) async throws -> [WrittenFile] {
        var written: [WrittenFile] = []
        for file in added {
            let content = file.content
            let key = content.rows == 0 ? "" : "data/\(Identifier.uuid()).parquet"
            if content.rows > 0 { try await write(content.bytes, as: key) }
            written.append(
                WrittenFile(
                    key: key, rows: content.rows, size: Int64(content.bytes.count), metrics: content.metrics,
                    snapshot: snapshot, sequence: sequence))
        }
        return written
    }

    /// Manifest, manifest list and metadata.
    mutating func write(
        _ manifest: Manifest, after past: [StoredSnapshot], parent: Int64?,
        _ operation: TableMetadata.Snapshot.Operation
    ) async throws -> StoredSnapshot {
        let (manifestKey, listKey) = (
            "metadata/\(Identifier.uuid())-m0.avro", "metadata/snap-\(manifest.snapshot)-1-\(Identifier.uuid()).avro"
        )
        let bytes = manifest.bytes(mark: SecureRandom.bytes(16))
        try await write(bytes, as: manifestKey)
        let list = ManifestList(
            manifest, path: "\(table.location)/\(manifestKey)", size: Int64(bytes.count), parent: parent)
        try await write(list.bytes(mark: SecureRandom.bytes(16)), as: listKey)
        let snapshot = TableMetadata.Snapshot(
            id: manifest.snapshot, sequence: manifest.sequence, parent: parent, time: call.now.milliseconds,
            manifestList: "\(table.location)/\(listKey)", operation: operation,
            rows: manifest.files.reduce(0) { $0 + $1.rows }, files: Int64(manifest.files.count))
        let metadata = TableMetadata(
            id: table.uuid, location: table.location, columns: table.columns,
            snapshots: past.map(\.snapshot) + [snapshot], updated: call.now.milliseconds)
        let metadataKey = "metadata/\(manifest.sequence.digits(5))-\(Identifier.uuid()).metadata.json"
        try await write(metadata.bytes, as: metadataKey)
        return StoredSnapshot(snapshot: snapshot, list: listKey, manifest: manifestKey, metadata: metadataKey)
    }

    private mutating func write(_ bytes: [UInt8], as key: String) async throws {
        let warehouse = try await writer.store.warehouse(of: table)
        all.append(
            try await writer.store.draft(bytes, as: key, in: warehouse, of: table, call))
    }
}

extension S3Store {
    /// The bucket of a table's files.
    func warehouse(of table: IcebergTable) async throws -> Bucket {
        guard let bucket = try await existingBucket(named: table.warehouse) else { throw ServiceError.tableChanged }
        return bucket
    }

    /// A table's file, written and not yet recorded.
    func draft(
        _ bytes: [UInt8], as key: String, in warehouse: Bucket, of table: IcebergTable, _ call: Call
    ) async throws -> ObjectDraft {
        let choice = table.encryptionKey.map { keyID in
            // By what AWS's policies of such keys ask: `StringLike` the table bucket's ARN with anything behind it.
            let context = KeyContext([KeyService.arnName: "\(table.arn)/\(key)"])
            return EncryptionChoice.managed(ManagedKeyWish(keyID: keyID, context: context, usesBucketKey: true))
        }
        let (dataKey, encryption) = try await keys.make(
            for: choice ?? .store, KeyRequest(for: key, in: warehouse, call))
        let received = try await ContentReceiver(files: files, claim: .none(computing: .crc64nvme), key: dataKey)
            .receive(ByteStream(bytes), declared: nil, limit: Limits.putSize)
        return ObjectDraft(
            key: key, size: received.size, etag: encryption.entityTag(received.md5, dataKey),
            checksum: received.checksum, headers: try ObjectHeaders(encoded: Array("{}".utf8)), tags: .empty,
            storageClass: StorageClass.standard, content: received.content, encryption: encryption)
    }
}
