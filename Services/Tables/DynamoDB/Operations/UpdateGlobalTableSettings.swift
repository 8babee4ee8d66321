import ServiceKit

/// Changes the capacity of the replicas of a global table of version 2017.11.29.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTableSettings.html)
struct UpdateGlobalTableSettings: AWSOperation {
    struct Input: InputShape {
        let globalTableName: String
        let billingMode: String?
        let writeCapacity: Int64?
        let indexes: [IndexWrites]?
        let replicas: [ReplicaReads]?
        private let writeScaling: AutoScalingUpdate?

        init(_ member: Members) throws {
            globalTableName = try member("GlobalTableName")
            billingMode = try member("GlobalTableBillingMode")
            writeCapacity = try member("GlobalTableProvisionedWriteCapacityUnits")
            writeScaling = try member("GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate")
            indexes = try member("GlobalTableGlobalSecondaryIndexSettingsUpdate")
            replicas = try member("ReplicaSettingsUpdate")
        }

        /// What it says of how capacity is scaled.
        func scaling(of global: GlobalTable) -> [AutoScalingChange] {
            var changes: [AutoScalingChange] = []
            changes.append(writeScaling, .write, in: global.tables)
            for index in indexes ?? [] { changes.append(index.scaling, .write, of: index.name, in: global.tables) }
            for replica in replicas ?? [] {
                let tables = global[replica.region].map { [$0] } ?? []
                changes.append(replica.scaling, .read, in: tables)
                for index in replica.indexes ?? [] {
                    changes.append(index.scaling, .read, of: index.name, in: tables)
                }
            }
            return changes
        }

        /// The capacity asked for of a table and of its indexes.
        func apply(to table: inout TableDefinition) throws(ServiceError) {
            let replica = replicas?.first { $0.region == table.region }
            table.throughput.write = writeCapacity ?? table.throughput.write
            table.throughput.read = replica?.readCapacity ?? table.throughput.read
            table.tableClass = replica?.tableClass ?? table.tableClass
            for index in indexes ?? [] {
                try table.changeIndex(index.name) { $0.write = index.writeCapacity ?? $0.write }
            }
            for index in replica?.indexes ?? [] {
                try table.changeIndex(index.name) { $0.read = index.readCapacity ?? $0.read }
            }
        }

        /// Whether it says anything of capacity.
        var namesCapacity: Bool {
            writeCapacity != nil || (replicas ?? []).contains { $0.readCapacity != nil }
        }
    }

    /// One member of `GlobalTableGlobalSecondaryIndexSettingsUpdate`.
    struct IndexWrites: InputShape {
        let name: String
        let writeCapacity: Int64?
        let scaling: AutoScalingUpdate?

        init(_ member: Members) throws {
            name = try member("IndexName")
            writeCapacity = try member("ProvisionedWriteCapacityUnits")
            scaling = try member("ProvisionedWriteCapacityAutoScalingSettingsUpdate")
        }
    }

    /// One member of `ReplicaSettingsUpdate`.
    struct ReplicaReads: InputShape {
        let region: String
        let readCapacity: Int64?
        let tableClass: String?
        let indexes: [IndexReads]?
        let scaling: AutoScalingUpdate?

        init(_ member: Members) throws {
            region = try member("RegionName")
            readCapacity = try member("ReplicaProvisionedReadCapacityUnits")
            scaling = try member("ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate")
            indexes = try member("ReplicaGlobalSecondaryIndexSettingsUpdate")
            tableClass = try member("ReplicaTableClass")
        }
    }

    /// One member of `ReplicaGlobalSecondaryIndexSettingsUpdate`.
    struct IndexReads: InputShape {
        let name: String
        let readCapacity: Int64?
        let scaling: AutoScalingUpdate?

        init(_ member: Members) throws {
            name = try member("IndexName")
            readCapacity = try member("ProvisionedReadCapacityUnits")
            scaling = try member("ProvisionedReadCapacityAutoScalingSettingsUpdate")
        }
    }

    typealias Output = DescribeGlobalTableSettings.Output

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        LegacyGlobalTable.permissions(
            input.globalTableName, (input.replicas ?? []).map(\.region), tables, in: call
        ).map { permission in
            var permission = permission
            permission.action = "dynamodb:UpdateGlobalTable"
            return permission
        }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let known = try LegacyGlobalTable(input.globalTableName, tables, in: call).find()
        return try await tables.write { [tables] transaction in
            let table = try transaction.current(known)
            try table.requireSteadyReplicas()
            for replica in input.replicas ?? [] where table.replication?[replica.region] == nil {
                throw ServiceError(
                    "ReplicaNotFoundException",
                    "The global table does not have a replica in region: '\(replica.region)'.")
            }
            var global = try GlobalTable(of: table, in: transaction, tables.catalog)
            for region in global.tables.map(\.region) {
                try global.change(region) { try $0.change(input, at: call.now) }
            }
            let scaling = input.scaling(of: global)
            if let changed = global.tables.first {
                for change in scaling { try change.update.validate(for: changed) }
            }
            try global.store()
            try scaling.apply(tables.scaling, in: transaction, at: call.now)
            return try Output(table, tables, in: transaction)
        }
    }
}

extension TableDefinition {
    fileprivate mutating func change(_ input: UpdateGlobalTableSettings.Input, at now: Timestamp) throws(ServiceError) {
        let wanted = input.billingMode.flatMap(BillingMode.init(rawValue:)) ?? billing
        if wanted == .payPerRequest {
            guard !input.namesCapacity else {
                throw .invalidParameter(
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                        + "PAY_PER_REQUEST")
            }
            if billing != .payPerRequest { payPerRequestSince = now }
            throughput = Throughput(read: 0, write: 0)
            for position in indexes.indices { indexes[position].throughput = nil }
        } else {
            try input.apply(to: &self)
            guard throughput.read > 0, throughput.write > 0 else {
                throw .invalidParameter("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
            }
            try throughput.validate()
        }
        billing = wanted
    }

    fileprivate mutating func changeIndex(
        _ name: String, _ body: (inout Throughput) -> Void
    ) throws(ServiceError) {
        guard let position = indexes.firstIndex(where: { $0.name == name && $0.scope == .global }) else {
            throw ServiceError("IndexNotFoundException", "Index not found: \(name)")
        }
        var throughput = indexes[position].throughput ?? self.throughput
        body(&throughput)
        indexes[position].throughput = throughput
    }
}
