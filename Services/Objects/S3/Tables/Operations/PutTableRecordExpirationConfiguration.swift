import ServiceKit

/// Says how long the records of a journal are kept.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_PutTableRecordExpirationConfiguration.html)
struct PutTableRecordExpirationConfiguration: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        /// `nil` keeps them.
        let days: Int64?

        /// - Throws: `BadRequestException`
        init(_ member: Members) throws {
            table = try TableReference(try member("tableArn"))
            let value: JSONValue = try member("value")
            let days = value["settings"]?["days"]?.int64
            switch value["status"]?.string {
            case "enabled":
                guard let days, RequestedTable.expirationRange.contains(days) else {
                    throw ServiceError.badTableRequest("Record expiration days must be between 7 and 2147483647.")
                }
                self.days = days
            case "disabled": self.days = nil
            default: throw ServiceError.badTableRequest("The status of the record expiration must be specified.")
            }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.table)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            let table = try transaction.existing(input.table)
            guard table.kind == .journal else { throw ServiceError.noRecordExpiration }
            try transaction.setExpiration(of: table.id, days: input.days)
            // Its bucket's configuration tells the same, unless the table is no longer its journal.
            guard let bucket = try transaction.bucket(named: table.sourceName), var configuration = bucket.metadata,
                configuration.journal == table.id
            else { return }
            configuration.expirationDays = input.days
            try transaction.setMetadata(of: bucket, to: configuration)
        }
        return NoOutput()
    }
}
