/// A Parquet file of a table, as manifests tell of it.
public struct DataFile: Sendable, Equatable {
    /// `s3://…`
    public let path: String
    public let rows: Int64
    /// In bytes.
    public let size: Int64
    /// What values its columns have, as `ParquetFile.Content` tells; `nil` where it is not known.
    public let metrics: [UInt8]?
    /// The snapshot that brought it, and that snapshot's place in their order.
    public let snapshot: Int64
    public let sequence: Int64

    public init(path: String, rows: Int64, size: Int64, metrics: [UInt8]?, snapshot: Int64, sequence: Int64) {
        (self.path, self.rows, self.size, self.metrics) = (path, rows, size, metrics)
        (self.snapshot, self.sequence) = (snapshot, sequence)
    }
}
