import ServiceKit

/// What requests say of a table of metadata.
struct RequestedTable: Sendable {
    /// The key of KMS; `nil` for the store's.
    let encryptionKey: String?

    /// Of the first form, which does not say it.
    static let unencrypted = RequestedTable(encryptionKey: nil)

    private init(encryptionKey: String?) { self.encryptionKey = encryptionKey }

    /// - Throws: `InvalidRequest`, `MalformedXML`
    init(_ configuration: JSONValue) throws {
        let encryption = configuration["EncryptionConfiguration"]
        let key = encryption?["KmsKeyArn"]?.string
        switch encryption?["SseAlgorithm"]?.string {
        case nil where encryption == nil: encryptionKey = nil
        case "AES256":
            if key != nil {
                throw ServiceError.invalidRequest("A KMS key ARN can only be specified with the aws:kms algorithm.")
            }
            encryptionKey = nil
        case "aws:kms":
            guard let key, let arn = ARN(key), arn.service == "kms", arn.resource.hasPrefix("key/") else {
                throw ServiceError.invalidRequest("A KMS key ARN must be specified with the aws:kms algorithm.")
            }
            encryptionKey = key
        default: throw ServiceError.malformedXML
        }
    }

    /// Days that records may be kept.
    static let expirationRange = 7...Int64(Int32.max)

    /// Days after which records go; `nil` keeps them.
    ///
    /// - Throws: `InvalidRequest`, `MalformedXML`
    static func expirationDays(_ configuration: JSONValue) throws -> Int64? {
        guard let expiration = configuration["RecordExpiration"] else { throw ServiceError.malformedXML }
        let days = expiration["Days"]?.int64
        guard expiration["Expiration"]?.string == "ENABLED" else {
            if days != nil {
                throw ServiceError.invalidRequest("Days can only be specified when record expiration is enabled.")
            }
            return nil
        }
        guard let days, expirationRange.contains(days) else {
            throw ServiceError.invalidRequest("Record expiration days must be between 7 and 2147483647.")
        }
        return days
    }

    /// Whether an inventory is asked for.
    ///
    /// - Throws: `MalformedXML`
    static func isInventoryEnabled(_ configuration: JSONValue) throws -> Bool {
        switch configuration["ConfigurationState"]?.string {
        case "ENABLED": true
        case "DISABLED": false
        default: throw ServiceError.malformedXML
        }
    }

    /// What making it needs besides the permission to configure the bucket, by the policy of the tables' bucket.
    func permissions(in tables: ARN, _ policy: Policy?, managed: Bool) -> [Permission] {
        var needed = managed ? [Permission("s3tables:CreateTableBucket", on: tables, resourcePolicy: policy)] : []
        needed.append(Permission("s3tables:CreateNamespace", on: tables, resourcePolicy: policy))
        let encryption = TableEncryption(key: encryptionKey)
        var actions = ["GetTable", "CreateTable", "PutTablePolicy"]
        if managed, encryptionKey != nil { actions.append("PutTableEncryption") }
        for action in actions {
            needed.append(
                Permission(
                    "s3tables:\(action)", on: "\(tables)/table/*", owner: tables.account, resourcePolicy: policy,
                    context: encryption.conditions))
        }
        return needed + encryption.permissions
    }
}

extension S3Store {
    /// What making tables of a bucket's metadata needs, where S3 keeps them.
    func permissions(toMake requested: [RequestedTable], of bucket: BucketReference) async throws -> [Permission] {
        let tables = try await self.bucket(bucket).managedTables
        let policy = try await policy(of: try TableBucketReference(tables.description))
        return requested.flatMap { $0.permissions(in: tables, policy, managed: true) }
    }
}

extension Bucket {
    /// Where S3 keeps the tables of its buckets' metadata.
    var managedTables: ARN { TableBucket.arn(TableBucket.managedName, account: account, region: region) }
}

extension Transaction {
    /// The namespace that the tables of a bucket's metadata are in, made where it is missing.
    func metadataNamespace(_ name: String, in bucket: Bucket, at now: Timestamp) throws -> TableNamespace {
        let tables =
            try tableBucket(TableBucket.managedName, account: bucket.account, region: bucket.region)
            ?? createTableBucket(
                TableBucket.managedName, account: bucket.account, region: bucket.region, isManaged: true, at: now)
        return try namespace(name, in: tables) ?? createNamespace(name, in: tables, at: now)
    }

    /// Makes a table that tells of a bucket, unless there is one of the name.
    func makeTable(
        _ table: NewTable, in namespace: TableNamespace, existing: MetadataConfiguration.Failure, at now: Timestamp
    ) throws -> MetadataConfiguration.Table {
        if try self.table(table.name, in: namespace) != nil { return .init(failure: existing) }
        return .init(id: try create(table, in: namespace, at: now))
    }

    /// Makes the inventory of a bucket that has a journal.
    func makeInventory(
        _ requested: RequestedTable, of bucket: Bucket, _ configuration: MetadataConfiguration,
        in namespace: TableNamespace, at now: Timestamp
    ) throws -> MetadataConfiguration.Table {
        guard let journal = configuration.journal, let present = try table(journal), !present.isGivenUp else {
            return .init(failure: .noJournal)
        }
        let table = NewTable(
            kind: .inventory, name: MetadataConfiguration.inventoryName, source: bucket,
            encryptionKey: requested.encryptionKey, follows: journal)
        return try makeTable(table, in: namespace, existing: .inventoryExists, at: now)
    }

    func setMetadata(of bucket: Bucket, to configuration: MetadataConfiguration?) throws {
        try setConfiguration(.metadata, of: bucket.id, to: configuration?.encoded)
    }
}
