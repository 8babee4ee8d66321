import ServiceKit

/// Changes a table's capacity, indexes, stream or protection.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html)
struct UpdateTable: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let attributeDefinitions: [AttributeDefinitionInput]?
        let billingMode: String?
        let provisionedThroughput: ThroughputInput?
        let globalSecondaryIndexUpdates: [IndexUpdate]?
        let streamSpecification: StreamSpecification?
        let tableClass: String?
        let deletionProtectionEnabled: Bool?
        let encryption: EncryptionInput?
        let replicas: ReplicaRequest

        init(_ member: Members) throws {
            table = try member("TableName")
            attributeDefinitions = try member("AttributeDefinitions")
            billingMode = try member("BillingMode")
            provisionedThroughput = try member("ProvisionedThroughput")
            globalSecondaryIndexUpdates = try member("GlobalSecondaryIndexUpdates")
            streamSpecification = try member("StreamSpecification")
            tableClass = try member("TableClass")
            deletionProtectionEnabled = try member("DeletionProtectionEnabled")
            encryption = try member("SSESpecification")
            replicas = try ReplicaRequest(member)
        }

        var isEmpty: Bool { !changesTable && encryption == nil && replicas.isEmpty }

        /// Anything but replicas and keys.
        private var changesTable: Bool {
            billingMode != nil || provisionedThroughput != nil || !(globalSecondaryIndexUpdates ?? []).isEmpty
                || streamSpecification != nil || tableClass != nil || deletionProtectionEnabled != nil
        }

        /// What can be told without looking at the table.
        func validate(for table: TableIdentity) throws(ServiceError) {
            guard !isEmpty else {
                throw .validation(
                    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
                        + "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required")
            }
            guard replicas.isEmpty || (!changesTable && (encryption == nil || replicas.changesOnlyKeys)) else {
                throw .invalidParameter("Replica modification must be the only operation in the request")
            }
            try replicas.validate(for: table)
            try provisionedThroughput?.throughput.validate()
            try refuseRepeatedIndexes()
        }

        private func refuseRepeatedIndexes() throws(ServiceError) {
            var names: Set<String> = []
            for update in globalSecondaryIndexUpdates ?? [] {
                guard names.insert(update.name).inserted else {
                    throw .invalidParameter(
                        "Only one global secondary index update per index is allowed simultaneously. "
                            + "Index: \(update.name)")
                }
            }
        }
    }

    /// One member of `GlobalSecondaryIndexUpdates`.
    enum IndexUpdate: InputShape {
        case create(IndexInput)
        case update(name: String, throughput: ThroughputInput?)
        case delete(name: String)

        init(_ member: Members) throws {
            let create: IndexInput? = try member("Create")
            let update: JSONValue? = try member("Update")
            let delete: JSONValue? = try member("Delete")
            switch (create, update, delete) {
            case (let create?, nil, nil): self = .create(create)
            case (nil, let update?, nil):
                let content = try Members(update)
                self = .update(name: try content("IndexName"), throughput: try content("ProvisionedThroughput"))
            case (nil, nil, let delete?): self = .delete(name: try Members(delete)("IndexName"))
            case (nil, nil, nil):
                throw ServiceError.invalidParameter(
                    "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                        + "GlobalSecondaryIndexUpdate.Delete must not be null")
            default:
                throw ServiceError.invalidParameter(
                    "Only one of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                        + "GlobalSecondaryIndexUpdate.Delete may be given")
            }
        }

        var name: String {
            switch self {
            case .create(let index): index.name
            case .update(let name, _), .delete(let name): name
            }
        }
    }

    struct Output: OutputShape {
        let tableDescription: TableDescription

        func write(to json: inout JSONWriter) { json.member("TableDescription", tableDescription) }
    }

    let tables: TableStore
    let keys: TableKeys

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [tables.permission(on: input.table, in: call)]
            + input.replicas.permissions(of: input.table.identity(in: call), tables)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try input.validate(for: input.table.identity(in: call))
        let known = try tables.describedTable(input.table, in: call)
        guard !known.isBeingFilled else {
            throw ServiceError.resourceInUse(
                "Attempt to change a resource which is still in use: Table is being created: \(known.name)")
        }
        let changesReplicas = input.encryption == nil && !input.replicas.isEmpty
        let table = try await changesReplicas ? changeReplicas(known, input, call) : change(known, input, call)
        tables.backgroundWork.signal()
        return Output(
            tableDescription: try await tables.read {
                try TableDescription(table, status: .updating, in: $0, at: call.now)
            })
    }

    private func change(_ known: TableDefinition, _ input: Input, _ call: Call) async throws -> TableDefinition {
        let catalog = tables.catalog
        var keys: [String: TableEncryption?] = [:]
        if let encryption = input.encryption {
            keys = try await self.keys.change(encryption, input.replicas, of: known, in: call)
        }
        let newKeys = keys
        return try await tables.change(known) { table, transaction in
            try table.requireSteadyReplicas()
            var update = TableUpdate(table, transaction: transaction, now: call.now)
            try update.changeCapacity(to: input.billingMode, input.provisionedThroughput)
            try update.changeIndexes(input.globalSecondaryIndexUpdates ?? [], input.attributeDefinitions)
            try update.requireIndexCapacity()
            if let stream = input.streamSpecification { try update.changeStream(stream) }
            table = update.table
            table.tableClass = input.tableClass ?? table.tableClass
            table.isDeletionProtected = input.deletionProtectionEnabled ?? table.isDeletionProtected
            if let key = newKeys[table.region] { table.encryption = key }
            try transaction.settle(&table, newKeys, in: catalog, at: call.now)
        }
    }

    private func changeReplicas(
        _ known: TableDefinition, _ input: Input, _ call: Call
    ) async throws -> TableDefinition {
        let (catalog, scaling) = (tables.catalog, tables.scaling)
        let keys = try await keys.keys(of: input.replicas, like: known, in: call)
        let table = try await tables.write { transaction in
            try input.replicas.perform(
                on: transaction.current(known), keys, in: transaction, catalog, scaling, at: call.now)
        }
        tables.replicaWork.signal()
        return table
    }
}
