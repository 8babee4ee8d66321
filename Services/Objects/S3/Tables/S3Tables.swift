import ServiceKit

/// Amazon S3 Tables, as far as what S3 Metadata makes is found, read and deleted by it.
enum S3Tables {
    private static let errors = AWSService.ErrorForms(
        accessDenied: "AccessDeniedException", status: 403, validation: "BadRequestException")

    static func service(_ store: S3Store) -> AWSService {
        AWSService(
            "s3tables", errors: errors,
            // The model's pattern would refuse the namespaces of buckets with a dash in their name.
            ownEnumerations: ["namespace"],
            operations: [
                ListTableBuckets(store: store), GetTableBucket(store: store), CreateTableBucket(store: store),
                DeleteTableBucket(store: store), ListNamespaces(store: store), GetNamespace(store: store),
                DeleteNamespace(store: store), ListTables(store: store), GetTable(store: store),
                GetTableMetadataLocation(store: store), GetTableEncryption(store: store), DeleteTable(store: store),
                GetTableBucketPolicy(store: store), PutTableBucketPolicy(store: store),
                DeleteTableBucketPolicy(store: store), GetTablePolicy(store: store), PutTablePolicy(store: store),
                DeleteTablePolicy(store: store), GetTableBucketEncryption(store: store),
                PutTableBucketEncryption(store: store), DeleteTableBucketEncryption(store: store),
                GetTableBucketMaintenanceConfiguration(store: store), GetTableMaintenanceConfiguration(store: store),
                GetTableRecordExpirationConfiguration(store: store), GetTableBucketStorageClass(store: store),
                GetTableStorageClass(store: store), CreateNamespace(store: store),
                PutTableRecordExpirationConfiguration(store: store), TagResource(store: store),
                UntagResource(store: store), ListTagsForResource(store: store),
            ])
    }

    /// The Iceberg REST endpoint, whose requests the gateway passes on as they come.
    static func catalog(_ store: S3Store) -> AWSService {
        AWSService(
            "iceberg-catalog", actionPrefix: "s3tables", errors: errors,
            operations: [AnswerCatalogRequest(store: store)])
    }
}

/// The table bucket that a request means.
struct TableBucketInput: InputShape {
    let bucket: TableBucketReference

    init(_ member: Members) throws { bucket = try TableBucketReference(try member("tableBucketARN")) }
}

/// A table bucket by its ARN.
struct TableBucketReference: Sendable {
    let arn: ARN
    let account: String
    let region: String
    let name: String

    /// - Throws: `BadRequestException`
    init(_ text: String) throws {
        guard let arn = ARN(text), let parts = TableBucket.parts(of: arn), parts.table == nil else {
            throw ServiceError.badTableRequest("The specified table bucket ARN is not valid.")
        }
        self.arn = arn
        (account, region, name) = (parts.account, parts.region, parts.name)
    }
}

/// The namespace that a request means.
struct TableNamespaceInput: InputShape {
    let bucket: TableBucketReference
    let namespace: String

    init(_ member: Members) throws {
        bucket = try TableBucketReference(try member("tableBucketARN"))
        namespace = try member("namespace")
    }
}

/// The table that a request means.
struct TableInput: InputShape {
    let bucket: TableBucketReference
    let namespace: String
    let name: String

    init(_ member: Members) throws {
        bucket = try TableBucketReference(try member("tableBucketARN"))
        namespace = try member("namespace")
        name = try member("name")
    }
}

/// A table by its ARN.
struct TableReference: Sendable {
    let bucket: TableBucketReference
    let uuid: String

    /// - Throws: `BadRequestException`
    init(_ text: String) throws {
        guard let arn = ARN(text), let parts = TableBucket.parts(of: arn), let table = parts.table else {
            throw ServiceError.badTableRequest("The specified table ARN is not valid.")
        }
        let bucket = TableBucket.arn(parts.name, account: parts.account, region: parts.region)
        (self.bucket, uuid) = (try TableBucketReference(bucket.description), table)
    }
}

extension Snapshot {
    /// - Throws: `NotFoundException`
    func existing(_ reference: TableBucketReference) throws -> TableBucket {
        guard let bucket = try tableBucket(reference) else { throw ServiceError.tableBucketNotFound }
        return bucket
    }

    /// - Throws: `NotFoundException`
    func existingNamespace(_ name: String, in reference: TableBucketReference) throws -> TableNamespace {
        guard let namespace = try namespace(name, in: try existing(reference)) else {
            throw ServiceError.namespaceNotFound
        }
        return namespace
    }

    /// - Throws: `NotFoundException`
    func existingTable(_ name: String, namespace: String, in reference: TableBucketReference) throws -> IcebergTable {
        guard let table = try table(name, in: try existingNamespace(namespace, in: reference)) else {
            throw ServiceError.tableNotFound
        }
        return table
    }

    /// - Throws: `NotFoundException`
    func existing(_ reference: TableReference) throws -> IcebergTable {
        guard let table = try table(uuid: reference.uuid, in: try existing(reference.bucket)) else {
            throw ServiceError.tableNotFound
        }
        return table
    }

    func existing(_ input: TableInput) throws -> IcebergTable {
        try existingTable(input.name, namespace: input.namespace, in: input.bucket)
    }
}
