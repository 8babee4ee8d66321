import ServiceKit

/// What tables tell of a bucket's objects.
///
/// [S3 Metadata](https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-overview.html)
struct MetadataConfiguration: Sendable {
    /// Why a table could not be made.
    ///
    /// [Error codes](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDetails.html)
    enum Failure: String, Sendable {
        case tableBucketNotFound = "TableBucketNotFound"
        case tableExists = "TableAlreadyExists"
        case journalExists = "JournalTableAlreadyExists"
        case inventoryExists = "InventoryTableAlreadyExists"
        case noJournal = "JournalTableNotAvailable"
        case tableNotFound = "DestinationTableNotFound"
        case notWritable = "AccessDeniedWritingToTable"
        case internalError = "ServerInternalError"
    }

    /// One of its tables: the row that has it, or why there is none.
    struct Table: Sendable {
        var id: Int64?
        var failure: Failure?
    }

    /// Whether it was made by `CreateBucketMetadataTableConfiguration`: one table, in a bucket of the customer's.
    let isFirstForm: Bool
    let tableBucket: String
    let namespace: String
    let tableName: String
    var journalTable: Table
    /// Days after which records go; `nil` keeps them.
    var expirationDays: Int64?
    /// `nil` where no inventory is asked for.
    var inventory: Table?

    /// The table that changes are noted for.
    var journal: Int64? { journalTable.id }

    /// As it is stored; `nil` for none.
    init?(_ stored: JSONValue?) throws {
        guard let stored else { return nil }
        let member = try Members(stored)
        isFirstForm = try member("FirstForm")
        tableBucket = try member("TableBucket")
        namespace = try member("Namespace")
        tableName = try member("TableName")
        expirationDays = try member("ExpirationDays")
        let journal: JSONValue = try member("Journal")
        journalTable = Table(journal)
        let inventory: JSONValue? = try member("Inventory")
        self.inventory = inventory.map { Table($0) }
    }

    init(isFirstForm: Bool, tableBucket: ARN, namespace: String, tableName: String, expirationDays: Int64?) {
        self.isFirstForm = isFirstForm
        self.tableBucket = tableBucket.description
        self.namespace = namespace
        self.tableName = tableName
        self.expirationDays = expirationDays
        journalTable = Table()
    }

    var encoded: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("FirstForm", isFirstForm)
            json.member("TableBucket", tableBucket)
            json.member("Namespace", namespace)
            json.member("TableName", tableName)
            json.member("ExpirationDays", expirationDays)
            json.member("Journal", journalTable)
            json.member("Inventory", inventory)
        }
        return json.bytes
    }

    /// [Namespaces](https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-overview.html)
    static func namespace(of bucket: Bucket) -> String {
        "b_" + String(bucket.name.map { $0 == "." ? "_" : $0 })
    }

    static let firstFormNamespace = "aws_s3_metadata"
    static let journalName = "journal"
    static let inventoryName = "inventory"
}

extension MetadataConfiguration.Table: OutputShape {
    fileprivate init(_ stored: JSONValue) {
        id = stored["Id"]?.int64
        failure = stored["Failure"]?.string.flatMap(MetadataConfiguration.Failure.init(rawValue:))
    }

    func write(to json: inout JSONWriter) {
        json.member("Id", id)
        json.member("Failure", failure?.rawValue)
    }
}

extension MetadataConfiguration.Failure {
    /// In AWS's words.
    var message: String {
        let again =
            "To create a new metadata table, you must delete the metadata configuration for this bucket, and then create "
            + "a new metadata configuration."
        return switch self {
        case .tableBucketNotFound:
            "The table bucket that you specified doesn't exist in this AWS Region and account. Create or choose a "
                + "different table bucket. \(again)"
        case .tableExists:
            "The table that you specified already exists in the table bucket's namespace. Specify a different table "
                + "name. \(again)"
        case .journalExists:
            "A journal table already exists in the AWS managed table bucket's namespace. Delete the journal table, and "
                + "then try again. \(again)"
        case .inventoryExists:
            "An inventory table already exists in the AWS managed table bucket's namespace. Delete the inventory table, "
                + "and then try again. \(again)"
        case .noJournal:
            "The journal table that the inventory table relies on has a FAILED status. An inventory table requires a "
                + "journal table with an ACTIVE status. To create a new journal or inventory table, you must delete the "
                + "metadata configuration for this bucket, along with any journal or inventory tables, and then create a "
                + "new metadata configuration."
        case .tableNotFound: "The destination table doesn't exist. \(again)"
        case .notWritable:
            "Unable to write to the metadata table because of missing resource permissions. To fix the resource policy, "
                + "Amazon S3 needs to create a new metadata table. \(again)"
        case .internalError: "An internal error has occurred. \(again)"
        }
    }
}
