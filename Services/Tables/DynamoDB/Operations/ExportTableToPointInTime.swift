import ServiceKit

/// Exports a table, as it is or was, to a bucket; the objects are written in the background.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html)
struct ExportTableToPointInTime: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let exportTime: Timestamp?
        let clientToken: String?
        let bucket: String
        let bucketOwner: String?
        let prefix: String?
        let format: String?
        let type: String?
        let span: IncrementalExportSpecification?
        let encryption: String?
        let keyID: String?

        init(_ member: Members) throws {
            table = try member("TableArn")
            exportTime = try member("ExportTime")
            clientToken = try member("ClientToken")
            bucket = try member("S3Bucket")
            bucketOwner = try member("S3BucketOwner")
            prefix = try member("S3Prefix")
            format = try member("ExportFormat")
            type = try member("ExportType")
            span = try member("IncrementalExportSpecification")
            encryption = try member("S3SseAlgorithm")
            keyID = try member("S3SseKmsKeyId")
        }
    }

    struct Output: OutputShape {
        let export: TableExport

        func write(to json: inout JSONWriter) { json.member("ExportDescription", ExportDescription(export: export)) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try refuse(input)
        if let export = try await repeated(input, in: call) { return Output(export: export) }
        let table = try tables.backedUpTable(input.table, in: call)
        guard let recovery = table.recovery else { throw ServiceError.recoveryUnavailable(table.name) }
        if let time = input.exportTime, time.seconds < recovery.earliest(at: call.now).seconds || time > call.now {
            throw ServiceError.invalidExportTime
        }
        let span = try input.span?.span(at: call.now)
        try span?.check(recovery, at: call.now)
        let arn = table.arn(ofNew: "export", at: call.now)
        let export = TableExport(
            arn: arn.description, tableARN: table.arn.description, tableID: table.uuid, account: call.account,
            region: call.region, exportTime: input.exportTime ?? call.now, startTime: call.now,
            clientToken: input.clientToken, bucket: input.bucket, bucketOwner: input.bucketOwner, prefix: input.prefix,
            format: input.format.flatMap(TableExport.Format.init(rawValue:)) ?? .json,
            encryption: input.encryption, keyID: input.keyID, span: span, file: "export-\(Identifier.uuid())",
            caller: call.caller.encoded)
        if let span {
            _ = try await tables.writeFile(of: TableChanges(table: table, span: span), to: export.file)
        } else {
            _ = try await tables.writeFile(of: TableImage(table: table, time: input.exportTime), to: export.file)
        }
        try await tables.write { try $0.keep(export) }
        tables.exportWork.signal()
        return Output(export: export)
    }

    /// The export that the same token asked for before.
    ///
    /// - Throws: `ExportConflictException` where it was asked for otherwise.
    private func repeated(_ input: Input, in call: Call) async throws -> TableExport? {
        guard let token = input.clientToken else { return nil }
        let export = try await tables.read { try $0.exports(account: call.account, region: call.region) }
            .last { $0.clientToken == token && call.now < $0.startTime + .seconds(8 * 3600) }
        guard let export else { return nil }
        guard try asked(input, for: export, in: call) else { throw ServiceError.exportConflict }
        return export
    }

    private func asked(_ input: Input, for export: TableExport, in call: Call) throws -> Bool {
        // What was left to the moment is what it was then.
        let span = try input.span?.span(at: export.startTime)
        return input.table.identity(in: call).arn.description == export.tableARN
            && input.exportTime ?? export.startTime == export.exportTime && input.bucket == export.bucket
            && input.bucketOwner == export.bucketOwner && input.prefix == export.prefix
            && input.format ?? TableExport.Format.json.rawValue == export.format.rawValue
            && input.encryption == export.encryption && input.keyID == export.keyID && span == export.span
    }

    private func refuse(_ input: Input) throws(ServiceError) {
        guard (input.type == "INCREMENTAL_EXPORT") == (input.span != nil) else {
            throw .invalidParameter(
                "IncrementalExportSpecification belongs to ExportType INCREMENTAL_EXPORT, and only to it")
        }
        guard input.span == nil || input.exportTime == nil else {
            throw .invalidParameter("ExportTime cannot be specified when ExportType is INCREMENTAL_EXPORT")
        }
        guard input.keyID == nil || input.encryption == "KMS" else {
            throw .invalidParameter("S3SseKmsKeyId can only be specified when S3SseAlgorithm is KMS")
        }
    }
}
