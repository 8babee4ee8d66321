import ServiceKit

/// An export of a table to a bucket, asked for, under way or done.
struct TableExport: Sendable {
    enum Status: String, Sendable {
        case inProgress = "IN_PROGRESS"
        case completed = "COMPLETED"
        case failed = "FAILED"
    }

    enum Format: String, Sendable {
        case json = "DYNAMODB_JSON"
        case ion = "ION"

        /// Of the objects of items.
        var fileExtension: String { self == .ion ? "ion" : "json" }
    }

    /// One object of items.
    struct Part: Sendable, InputShape, OutputShape {
        let items: Int64
        let md5: String
        let etag: String
        let key: String

        init(items: Int64, md5: String, etag: String, key: String) {
            self.items = items
            self.md5 = md5
            self.etag = etag
            self.key = key
        }

        init(_ member: Members) throws {
            items = try member("itemCount")
            md5 = try member("md5Checksum")
            etag = try member("etag")
            key = try member("dataFileS3Key")
        }

        func write(to json: inout JSONWriter) {
            json.member("itemCount", items)
            json.member("md5Checksum", md5)
            json.member("etag", etag)
            json.member("dataFileS3Key", key)
        }
    }

    let arn: String
    let tableARN: String
    let tableID: String
    let account: String
    let region: String
    let exportTime: Timestamp
    let startTime: Timestamp
    let clientToken: String?
    let bucket: String
    let bucketOwner: String?
    let prefix: String?
    let format: Format
    /// `S3SseAlgorithm` and `S3SseKmsKeyId`, as they were asked for.
    let encryption: String?
    let keyID: String?
    /// `nil` for all items.
    let span: ExportSpan?
    /// The image that is being sent.
    let file: String
    /// Who asked, and so must be allowed to write the objects.
    let caller: [UInt8]
    var status = Status.inProgress
    var endTime: Timestamp?
    /// Of the next item in the image.
    var offset: Int64 = 0
    var parts: [Part] = []
    var bytes: Int64 = 0
    var failureCode: String?
    var failureMessage: String?

    var identifier: String { String(arn.split(separator: "/").last ?? "") }
    var items: Int64 { parts.reduce(0) { $0 + $1.items } }

    /// `ExportType`
    var type: String { span == nil ? "FULL_EXPORT" : "INCREMENTAL_EXPORT" }

    /// The key of one of its objects: `prefix/AWSDynamoDB/01602…-a1b2/name`.
    func key(_ name: String) -> String { "\(folder)/\(identifier)/\(name)" }

    /// The key of an object of items. Incremental exports share one folder for theirs.
    func dataKey(_ number: Int) -> String {
        let name = "\(number.digits(8)).\(format.fileExtension).gz"
        return span == nil ? key("data/" + name) : "\(folder)/data/\(identifier)-\(name)"
    }

    private var folder: String { (prefix.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? "") + "AWSDynamoDB" }
}

extension TableExport: InputShape, OutputShape {
    init(_ member: Members) throws {
        arn = try member("arn")
        tableARN = try member("tableARN")
        tableID = try member("tableID")
        account = try member("account")
        region = try member("region")
        exportTime = try member("exportTime")
        startTime = try member("startTime")
        clientToken = try member("clientToken")
        bucket = try member("bucket")
        bucketOwner = try member("bucketOwner")
        prefix = try member("prefix")
        let format: String? = try member("format")
        self.format = format.flatMap(Format.init(rawValue:)) ?? .json
        encryption = try member("encryption")
        keyID = try member("keyID")
        span = try member("span")
        file = try member("file")
        caller = try (member("caller") as Blob).bytes
        status = try Status(rawValue: member("status")) ?? .failed
        endTime = try member("endTime")
        offset = try member("offset")
        parts = try member("parts")
        bytes = try member("bytes")
        failureCode = try member("failureCode")
        failureMessage = try member("failureMessage")
    }

    func write(to json: inout JSONWriter) {
        json.member("arn", arn)
        json.member("tableARN", tableARN)
        json.member("tableID", tableID)
        json.member("account", account)
        json.member("region", region)
        json.member("exportTime", exportTime)
        json.member("startTime", startTime)
        json.member("clientToken", clientToken)
        json.member("bucket", bucket)
        json.member("bucketOwner", bucketOwner)
        json.member("prefix", prefix)
        json.member("format", format.rawValue)
        json.member("encryption", encryption)
        json.member("keyID", keyID)
        json.member("span", span)
        json.member("file", file)
        json.member("caller", Blob(caller))
        json.member("status", status.rawValue)
        json.member("endTime", endTime)
        json.member("offset", offset)
        json.member("parts", parts)
        json.member("bytes", bytes)
        json.member("failureCode", failureCode)
        json.member("failureMessage", failureMessage)
    }
}

/// `ExportDescription`, and shorter `ExportSummary`.
struct ExportDescription: OutputShape {
    let export: TableExport
    var isSummary = false

    func write(to json: inout JSONWriter) {
        json.member("ExportArn", export.arn)
        json.member("ExportStatus", export.status.rawValue)
        json.member("ExportType", export.type)
        guard !isSummary else { return }
        json.member("StartTime", export.startTime)
        json.member("EndTime", export.endTime)
        if export.status == .completed { json.member("ExportManifest", export.key("manifest-summary.json")) }
        json.member("TableArn", export.tableARN)
        json.member("TableId", export.tableID)
        if let span = export.span {
            json.member("IncrementalExportSpecification", span)
        } else {
            json.member("ExportTime", export.exportTime)
        }
        json.member("ClientToken", export.clientToken)
        json.member("S3Bucket", export.bucket)
        json.member("S3BucketOwner", export.bucketOwner)
        json.member("S3Prefix", export.prefix)
        json.member("S3SseAlgorithm", export.encryption ?? "AES256")
        json.member("S3SseKmsKeyId", export.keyID)
        json.member("FailureCode", export.failureCode)
        json.member("FailureMessage", export.failureMessage)
        json.member("ExportFormat", export.format.rawValue)
        guard export.status == .completed else { return }
        json.member("BilledSizeBytes", export.bytes)
        json.member("ItemCount", export.items)
    }
}

extension ServiceError {
    static func exportNotFound(_ arn: String) -> ServiceError {
        ServiceError("ExportNotFoundException", "Export not found: \(arn)")
    }
}
