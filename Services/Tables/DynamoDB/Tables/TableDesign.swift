import ServiceKit

/// What CreateTable and ImportTable are told of a new table.
struct TableDesign: InputShape {
    let table: TableReference
    let attributeDefinitions: [AttributeDefinitionInput]
    let keySchema: [KeySchemaElementInput]
    let localSecondaryIndexes: [IndexInput]?
    let globalSecondaryIndexes: [IndexInput]?
    let billingMode: String?
    let provisionedThroughput: ThroughputInput?
    let streamSpecification: StreamSpecification?
    let encryption: EncryptionInput?
    let tags: [Tag]?
    let tableClass: String?
    let deletionProtectionEnabled: Bool?

    init(_ member: Members) throws { try self.init(member, isImport: false) }

    /// - Parameter isImport: `TableCreationParameters`, which have no other members than these.
    init(_ member: Members, isImport: Bool) throws {
        table = try member("TableName")
        attributeDefinitions = try member("AttributeDefinitions")
        keySchema = try member("KeySchema")
        globalSecondaryIndexes = try member("GlobalSecondaryIndexes")
        billingMode = try member("BillingMode")
        encryption = try member("SSESpecification")
        provisionedThroughput = try member("ProvisionedThroughput")
        localSecondaryIndexes = isImport ? nil : try member("LocalSecondaryIndexes")
        streamSpecification = isImport ? nil : try member("StreamSpecification")
        tags = isImport ? nil : try member("Tags")
        tableClass = isImport ? nil : try member("TableClass")
        deletionProtectionEnabled = isImport ? nil : try member("DeletionProtectionEnabled")
    }
}

extension TableDesign {
    /// The table asked for, if it keeps all rules.
    ///
    /// - Parameter key: what KMS said of the one asked for.
    func definition(
        _ identity: TableIdentity, _ key: TableEncryption?, in transaction: Transaction, at now: Timestamp
    ) throws -> TableDefinition {
        let (billing, throughput) = try billingAndThroughput()
        let reader = try KeySchemaReader(attributeDefinitions)
        let schema = try reader.tableSchema(keySchema)
        let indexes = try indexes(of: schema, reader, billing, in: transaction)
        try reader.check(indexes, with: schema)
        let view = try streamSpecification?.wantedView()
        var table = TableDefinition(
            id: try transaction.nextTree(), version: 1, account: identity.account, region: identity.region,
            name: identity.name, uuid: Identifier.uuid(), createdAt: now, schema: schema,
            attributeDefinitions: reader.attributes, billing: billing, throughput: throughput,
            payPerRequestSince: billing == .payPerRequest ? now : nil, indexes: indexes, stream: nil, timeToLive: nil,
            tags: try TagRules.merge(tags ?? [], into: [:]), isDeletionProtected: deletionProtectionEnabled ?? false,
            tableClass: tableClass)
        table.encryption = key
        table.stream = try view.map { try transaction.openStream($0, of: table, at: now) }
        return table
    }

    private func billingAndThroughput() throws(ServiceError) -> (TableDefinition.BillingMode, Throughput) {
        if billingMode == TableDefinition.BillingMode.payPerRequest.rawValue {
            guard provisionedThroughput == nil else {
                throw .invalidParameter(
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                        + "PAY_PER_REQUEST")
            }
            return (.payPerRequest, Throughput(read: 0, write: 0))
        }
        guard let throughput = provisionedThroughput?.throughput else {
            throw .invalidParameter(
                "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
        }
        try throughput.validate()
        return (.provisioned, throughput)
    }

    private func indexes(
        of table: KeySchema, _ reader: KeySchemaReader, _ billing: TableDefinition.BillingMode,
        in transaction: Transaction
    ) throws -> [SecondaryIndex] {
        if let localSecondaryIndexes, localSecondaryIndexes.isEmpty {
            throw ServiceError.invalidParameter("List of LocalSecondaryIndexes is empty")
        }
        if let globalSecondaryIndexes, globalSecondaryIndexes.isEmpty {
            throw ServiceError.invalidParameter("List of GlobalSecondaryIndexes is empty")
        }
        let locals = try (localSecondaryIndexes ?? []).map {
            try reader.index($0, scope: .local, of: table, id: try transaction.nextTree(), billing: billing)
        }
        let globals = try (globalSecondaryIndexes ?? []).map {
            try reader.index($0, scope: .global, id: try transaction.nextTree(), billing: billing)
        }
        return locals + globals
    }
}

extension Throughput {
    /// More units than AWS can count.
    func validate() throws(ServiceError) {
        for (name, units) in [("ReadCapacityUnits", read), ("WriteCapacityUnits", write)]
        where units > 1_000_000_000_000 {
            throw .validation("Given value \(units) for \(name) is out of bounds")
        }
    }
}
