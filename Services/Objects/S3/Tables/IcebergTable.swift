import Iceberg
import ServiceKit

/// A bucket of tables.
struct TableBucket: Sendable {
    /// Of the one that S3 keeps in every account and region.
    static let managedName = "aws-s3"

    let id: Int64
    let uuid: String
    let account: String
    let region: String
    let name: String
    /// Whether S3 keeps it.
    let isManaged: Bool
    let created: Timestamp
    /// As it was attached.
    let policyText: String?
    /// The key of KMS for tables that say nothing of it; `nil` for the store's.
    let encryptionKey: String?
    let tags: Tags

    var arn: ARN { Self.arn(name, account: account, region: region) }

    static func arn(_ name: String, account: String, region: String) -> ARN {
        ARN("s3tables", region: region, account: account, "bucket/\(name)")
    }

    /// The account, the region and the name of a table bucket's ARN; of one of its tables' the table's too.
    static func parts(of arn: ARN?) -> (account: String, region: String, name: String, table: String?)? {
        guard let arn, arn.service == "s3tables" else { return nil }
        let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 || parts.count == 4 && parts[2] == "table", parts[0] == "bucket", !parts[1].isEmpty
        else { return nil }
        return (arn.account, arn.region, parts[1], parts.count == 4 ? parts[3] : nil)
    }
}

/// A group of tables.
struct TableNamespace: Sendable {
    let id: Int64
    let uuid: String
    let name: String
    let created: Timestamp
    let bucket: TableBucket
}

/// An Apache Iceberg table that S3 keeps.
struct IcebergTable: Sendable {
    enum Kind: String, Sendable, SQLValue {
        /// What happened to a bucket's objects.
        case journal
        /// What objects a bucket has.
        case inventory
    }

    let id: Int64
    let uuid: String
    let name: String
    let kind: Kind
    let namespace: TableNamespace
    /// The number of the bucket that it tells of.
    let source: Int64
    /// That bucket's name.
    let sourceName: String
    /// The name of the bucket of its files.
    let warehouse: String
    /// The key of KMS that its files are enciphered under; `nil` for the store's.
    let encryptionKey: String?
    let created: Timestamp
    let modified: Timestamp
    /// Changes with every state.
    let token: String
    /// The key of the file that is its present state; empty before it was made.
    let metadata: String
    /// Days after which records go; `nil` keeps them.
    let expirationDays: Int64?
    /// The journal by which an inventory is kept up to date.
    let follows: Int64?
    /// The key up to which an inventory has come; `nil`: it is complete.
    let backfill: String?
    /// Why its last change could not be written.
    let failure: String?
    /// As it was attached.
    let policyText: String?
    let tags: Tags
    /// Whether it is a journal that is written no more.
    let isGivenUp: Bool

    var bucket: TableBucket { namespace.bucket }
    var arn: ARN {
        ARN("s3tables", region: bucket.region, account: bucket.account, "\(bucket.arn.resource)/table/\(uuid)")
    }
    var location: String { "s3://\(warehouse)" }
    var metadataLocation: String { "\(location)/\(metadata)" }
    var columns: [Column] { kind == .journal ? MetadataColumns.journal : MetadataColumns.inventory }
}

/// A table that is about to be made, of a bucket's objects.
struct NewTable: Sendable {
    let kind: IcebergTable.Kind
    let name: String
    let source: Bucket
    var encryptionKey: String?
    var expirationDays: Int64?
    var follows: Int64?
}

/// What a table's next snapshot has besides or instead of its last one's files.
struct NewDataFile: Sendable {
    let content: ParquetFile.Content
    let place: Place

    enum Place: Sendable {
        /// Of a journal's records of a day; an open one is written once more with others.
        case day(Int64, isOpen: Bool)
        /// Of an inventory: what is behind a key, up to and with another one; `nil` for the end.
        case keys(after: String, through: String?)
    }
}

/// A data file as its row has it.
struct StoredDataFile: Sendable {
    let id: Int64
    let key: String
    let rows: Int64
    let size: Int64
    /// As `ParquetFile.Content` has them; `nil` of files written before there were any.
    let metrics: [UInt8]?
    let snapshot: Int64
    let sequence: Int64
    let day: Int64
    let isOpen: Bool
    let after: String?
    let through: String?

    func file(in table: IcebergTable) -> DataFile {
        DataFile(
            path: "\(table.location)/\(key)", rows: rows, size: size, metrics: metrics, snapshot: snapshot,
            sequence: sequence)
    }
}

/// A state that a table had, with the keys of the files that tell it.
struct StoredSnapshot: Sendable {
    let snapshot: TableMetadata.Snapshot
    let list: String
    let manifest: String
    let metadata: String
}
