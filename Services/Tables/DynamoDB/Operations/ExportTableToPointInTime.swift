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
        let encryption: String?

        init(_ member: Members) throws {
            table = try member("TableArn")
            exportTime = try member("ExportTime")
            clientToken = try member("ClientToken")
            bucket = try member("S3Bucket")
            bucketOwner = try member("S3BucketOwner")
            prefix = try member("S3Prefix")
            format = try member("ExportFormat")
            type = try member("ExportType")
            encryption = try member("S3SseAlgorithm")
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
            throw ServiceError(
                "InvalidExportTimeException",
                "The specified ExportTime is outside of the point in time recovery window.")
        }
        let arn = table.arn(ofNew: "export", at: call.now)
        let export = TableExport(
            arn: arn.description, tableARN: table.arn.description, tableID: table.uuid, account: call.account,
            region: call.region, exportTime: input.exportTime ?? call.now, startTime: call.now,
            clientToken: input.clientToken, bucket: input.bucket, bucketOwner: input.bucketOwner, prefix: input.prefix,
            file: "export-\(Identifier.uuid())", caller: call.caller.encoded)
        _ = try await tables.writeImage(TableImage(table: table, time: input.exportTime), to: export.file)
        try await tables.write { try $0.keep(export) }
        tables.exportWork.signal()
        return Output(export: export)
    }

    /// The export that the same token asked for before.
    private func repeated(_ input: Input, in call: Call) async throws -> TableExport? {
        guard let token = input.clientToken else { return nil }
        return try await tables.read { try $0.exports(account: call.account, region: call.region) }
            .last { $0.clientToken == token && call.now < $0.startTime + .seconds(8 * 3600) }
    }

    private func refuse(_ input: Input) throws(ServiceError) {
        guard input.type != "INCREMENTAL_EXPORT" else {
            throw .validation("ExportType INCREMENTAL_EXPORT is not implemented by Apus")
        }
        guard input.format != "ION" else { throw .validation("ExportFormat ION is not implemented by Apus") }
        guard input.encryption != "KMS" else { throw .validation("S3SseAlgorithm KMS is not implemented by Apus") }
    }
}
