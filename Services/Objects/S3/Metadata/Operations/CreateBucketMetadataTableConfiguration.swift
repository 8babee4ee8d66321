import ServiceKit

/// Begins a journal of a bucket's objects in a table bucket of the customer's: the first form of S3 Metadata.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketMetadataTableConfiguration.html)
struct CreateBucketMetadataTableConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let tableBucket: ARN
        let tableName: String

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            let configuration: JSONValue = try member("MetadataTableConfiguration")
            guard let destination = configuration["S3TablesDestination"] else { throw ServiceError.malformedXML }
            let wanted = try Members(destination)
            let (arn, name): (String, String) = (try wanted("TableBucketArn"), try wanted("TableName"))
            guard let parsed = ARN(arn), let parts = TableBucket.parts(of: parsed), parts.table == nil else {
                throw ServiceError.invalidArgument("Invalid table bucket ARN.", "TableBucketArn", arn)
            }
            guard TableNames.isTable(name) else {
                throw ServiceError.invalidArgument("Invalid table name.", "TableName", name)
            }
            (tableBucket, tableName) = (parsed, name)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:CreateBucketMetadataTableConfiguration", on: input.bucket, in: call)]
            + RequestedTable.unencrypted.permissions(in: input.tableBucket, try await policy(input), managed: false)
    }

    private func policy(_ input: Input) async throws -> Policy? {
        try await store.policy(of: try TableBucketReference(input.tableBucket.description))
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write(in: input.bucket) { transaction, bucket in
            if bucket.metadata != nil { throw ServiceError.metadataConfigurationExists(bucket.name) }
            guard input.tableBucket.account == bucket.account, input.tableBucket.region == bucket.region else {
                throw ServiceError.invalidRequest(
                    "The destination table bucket must be in the same Region and AWS account as the bucket.")
            }
            var configuration = MetadataConfiguration(
                isFirstForm: true, tableBucket: input.tableBucket,
                namespace: MetadataConfiguration.firstFormNamespace, tableName: input.tableName, expirationDays: nil)
            configuration.journalTable = try make(input, of: bucket, transaction, at: call.now)
            try transaction.setMetadata(of: bucket, to: configuration)
        }
        return NoOutput()
    }

    private func make(
        _ input: Input, of bucket: Bucket, _ transaction: Transaction, at now: Timestamp
    ) throws -> MetadataConfiguration.Table {
        guard let name = TableBucket.parts(of: input.tableBucket)?.name,
            let tables = try transaction.tableBucket(name, account: bucket.account, region: bucket.region),
            !tables.isManaged
        else { return .init(failure: .tableBucketNotFound) }
        let group = MetadataConfiguration.firstFormNamespace
        let namespace =
            try transaction.namespace(group, in: tables) ?? transaction.createNamespace(group, in: tables, at: now)
        let table = NewTable(kind: .journal, name: input.tableName, source: bucket, encryptionKey: tables.encryptionKey)
        return try transaction.makeTable(table, in: namespace, existing: .tableExists, at: now)
    }
}
