import ServiceKit

/// The steps of UpdateTable on one table's definition.
struct TableUpdate {
    private(set) var table: TableDefinition
    private let transaction: Transaction
    private let now: Timestamp

    init(_ table: TableDefinition, transaction: Transaction, now: Timestamp) {
        self.table = table
        self.transaction = transaction
        self.now = now
    }

    // MARK: Capacity

    mutating func changeCapacity(to billingMode: String?, _ input: ThroughputInput?) throws(ServiceError) {
        let mode = billingMode.flatMap(TableDefinition.BillingMode.init(rawValue:)) ?? table.billing
        if mode == .payPerRequest {
            guard input == nil else {
                throw .invalidParameter(
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                        + "PAY_PER_REQUEST")
            }
            if table.billing != .payPerRequest { try becomePayPerRequest() }
            return
        }
        guard let throughput = input?.throughput else {
            guard billingMode == nil || table.billing == .provisioned else {
                throw .invalidParameter("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
            }
            return
        }
        try throughput.validate()
        guard throughput != table.throughput || table.billing != .provisioned else { throw unchanged(throughput) }
        if table.billing == .provisioned {
            try table.capacityHistory.change(from: table.throughput, to: throughput, at: now)
        }
        table.billing = .provisioned
        table.throughput = throughput
    }

    /// Global indexes of a provisioned table have capacity of their own.
    func requireIndexCapacity() throws(ServiceError) {
        guard table.billing == .provisioned else { return }
        for index in table.indexes where index.scope == .global && index.throughput == nil {
            throw .invalidParameter("ProvisionedThroughput must be specified for index: \(index.name)")
        }
    }

    private mutating func becomePayPerRequest() throws(ServiceError) {
        try table.capacityHistory.becomePayPerRequest(at: now)
        table.billing = .payPerRequest
        table.payPerRequestSince = now
        table.throughput = Throughput(read: 0, write: 0)
        for position in table.indexes.indices { table.indexes[position].throughput = nil }
    }

    private func unchanged(_ wanted: Throughput) -> ServiceError {
        .validation(
            "The provisioned throughput for the table will not change. The requested value equals the current value. "
                + "Current ReadCapacityUnits provisioned for the table: \(table.throughput.read). "
                + "Requested ReadCapacityUnits: \(wanted.read). "
                + "Current WriteCapacityUnits provisioned for the table: \(table.throughput.write). "
                + "Requested WriteCapacityUnits: \(wanted.write). "
                + "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.")
    }

    // MARK: Indexes

    mutating func changeIndexes(
        _ updates: [UpdateTable.IndexUpdate], _ definitions: [AttributeDefinitionInput]?
    ) throws {
        let changes = updates.count { if case .update = $0 { false } else { true } }
        guard changes <= 1 else { throw ServiceError.limitExceeded }
        for update in updates {
            switch update {
            case .create(let index): try create(index, definitions ?? [])
            case .delete(let name): try delete(name)
            case .update(let name, let throughput): try change(name, throughput)
            }
        }
        if changes > 0 { dropUnusedAttributes() }
    }

    private mutating func create(_ input: IndexInput, _ definitions: [AttributeDefinitionInput]) throws {
        guard table.index(named: input.name) == nil else {
            throw ServiceError.validation("Attempting to create an index which already exists")
        }
        guard !table.indexes.contains(where: { $0.status != .active }) else { throw ServiceError.limitExceeded }
        // The index's attributes must be given, also those the table knows already.
        let reader = try KeySchemaReader(definitions)
        var index = try reader.index(
            input, scope: .global, id: try transaction.nextTree(), billing: table.billing)
        index.status = .creating
        index.backfillPosition = []
        try transaction.insertStatistics(of: index.id)
        table.attributeDefinitions = try reader.attributes(besides: table.attributeDefinitions)
        table.indexes.append(index)
        guard table.indexes.count(where: { $0.scope == .global }) <= 20 else {
            throw ServiceError.invalidParameter("GlobalSecondaryIndex count exceeds the per-table limit of 20")
        }
    }

    private mutating func delete(_ name: String) throws {
        let index = try globalIndex(name)
        try transaction.discard(tree: index.id)
        table.indexes.removeAll { $0.id == index.id }
    }

    private mutating func change(_ name: String, _ input: ThroughputInput?) throws {
        let index = try globalIndex(name)
        guard let throughput = input?.throughput else { return }
        guard table.billing == .provisioned else {
            throw ServiceError.invalidParameter(
                "ProvisionedThroughput should not be specified for index: \(name) when BillingMode is PAY_PER_REQUEST")
        }
        try throughput.validate()
        var history = index.capacityHistory
        if let old = index.throughput { try history.change(from: old, to: throughput, at: now) }
        for position in table.indexes.indices where table.indexes[position].id == index.id {
            table.indexes[position].throughput = throughput
            table.indexes[position].capacityHistory = history
        }
    }

    private func globalIndex(_ name: String) throws(ServiceError) -> SecondaryIndex {
        guard let index = table.index(named: name), index.scope == .global else {
            throw ServiceError("ResourceNotFoundException", "Requested resource not found: Index: \(name) not found")
        }
        return index
    }

    private mutating func dropUnusedAttributes() {
        let used = Set(([table.schema] + table.indexes.map(\.schema)).flatMap(\.names))
        table.attributeDefinitions.removeAll { !used.contains($0.name) }
    }

    // MARK: Stream

    mutating func changeStream(_ specification: StreamSpecification) throws {
        if let view = try specification.wantedView() {
            guard table.stream == nil else {
                throw ServiceError.validation(
                    "Table already has an enabled stream: TableName: \(table.name)")
            }
            table.stream = try transaction.openStream(view, of: table, at: now)
        } else {
            guard table.replication == nil else {
                throw ServiceError.invalidParameter("Disabling Stream is not allowed for a Global Table replica.")
            }
            guard let stream = table.stream else {
                throw ServiceError.validation("Table has no stream to disable: TableName: \(table.name)")
            }
            try transaction.closeStream(stream.id, at: now)
            table.stream = nil
        }
    }
}
