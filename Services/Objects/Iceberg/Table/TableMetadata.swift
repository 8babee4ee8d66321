import JSON

/// A state of a table, as its metadata file tells it: format version 2, without partitions or an order of rows.
///
/// [Table metadata](https://iceberg.apache.org/spec/#table-metadata)
public struct TableMetadata: Sendable {
    public struct Snapshot: Sendable, Equatable {
        /// [Operations](https://iceberg.apache.org/spec/#snapshots)
        public enum Operation: String, Sendable {
            /// Files came.
            case append
            /// The same rows in other files.
            case replace
            /// Rows changed.
            case overwrite
            /// Files went, and their rows with them.
            case delete
        }

        public let id: Int64
        public let sequence: Int64
        public let parent: Int64?
        /// Milliseconds since 1970.
        public let time: Int64
        /// `s3://…`
        public let manifestList: String
        public let operation: Operation
        public let rows: Int64
        public let files: Int64

        public init(
            id: Int64, sequence: Int64, parent: Int64?, time: Int64, manifestList: String, operation: Operation,
            rows: Int64, files: Int64
        ) {
            (self.id, self.sequence, self.parent, self.time) = (id, sequence, parent, time)
            (self.manifestList, self.operation, self.rows, self.files) = (manifestList, operation, rows, files)
        }
    }

    /// A UUID.
    public let id: String
    /// `s3://…`
    public let location: String
    public let columns: [Column]
    /// The oldest first; the last one is the table's state. None for a table that never had rows.
    public let snapshots: [Snapshot]
    /// Milliseconds since 1970.
    public let updated: Int64

    public init(id: String, location: String, columns: [Column], snapshots: [Snapshot], updated: Int64) {
        (self.id, self.location, self.columns) = (id, location, columns)
        (self.snapshots, self.updated) = (snapshots, updated)
    }

    public var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("format-version", 2)
            json.member("table-uuid", id)
            json.member("location", location)
            json.member("last-sequence-number", snapshots.last?.sequence ?? 0)
            json.member("last-updated-ms", updated)
            json.member("last-column-id", columns.map(\.lastID).max() ?? 0)
            json.member("current-schema-id", 0)
            json.member("schemas") { json in json.array { TableSchema.write(columns, to: &$0) } }
            writeOrder(to: &json)
            json.member("properties") { json in
                json.object { $0.member("write.parquet.compression-codec", "zstd") }
            }
            writeSnapshots(to: &json)
        }
        return json.bytes
    }

    private func writeOrder(to json: inout JSONWriter) {
        json.member("default-spec-id", 0)
        json.member("partition-specs") { json in
            json.array { json in
                json.object { json in
                    json.member("spec-id", 0)
                    json.member("fields") { $0.array { _ in } }
                }
            }
        }
        // The number before the first that a partition would have.
        json.member("last-partition-id", 999)
        json.member("default-sort-order-id", 0)
        json.member("sort-orders") { json in
            json.array { json in
                json.object { json in
                    json.member("order-id", 0)
                    json.member("fields") { $0.array { _ in } }
                }
            }
        }
    }

    private func writeSnapshots(to json: inout JSONWriter) {
        json.member("current-snapshot-id", snapshots.last?.id ?? -1)
        json.member("refs") { json in
            json.object { json in
                guard let last = snapshots.last else { return }
                json.member("main") { json in
                    json.object { json in
                        json.member("snapshot-id", last.id)
                        json.member("type", "branch")
                    }
                }
            }
        }
        json.member("snapshots") { json in
            json.array { json in for snapshot in snapshots { write(snapshot, to: &json) } }
        }
        json.member("snapshot-log") { json in
            json.array { json in
                for snapshot in snapshots {
                    json.object { json in
                        json.member("snapshot-id", snapshot.id)
                        json.member("timestamp-ms", snapshot.time)
                    }
                }
            }
        }
        json.member("metadata-log") { $0.array { _ in } }
    }

    private func write(_ snapshot: Snapshot, to json: inout JSONWriter) {
        json.object { json in
            json.member("snapshot-id", snapshot.id)
            json.member("parent-snapshot-id", snapshot.parent)
            json.member("sequence-number", snapshot.sequence)
            json.member("timestamp-ms", snapshot.time)
            json.member("manifest-list", snapshot.manifestList)
            json.member("schema-id", 0)
            json.member("summary") { json in
                json.object { json in
                    json.member("operation", snapshot.operation.rawValue)
                    json.member("total-records", "\(snapshot.rows)")
                    json.member("total-data-files", "\(snapshot.files)")
                }
            }
        }
    }
}
