import ServiceKit

/// Takes empty tables into a global table of version 2017.11.29, or lets replicas become tables of their own again.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTable.html)
struct UpdateGlobalTable: AWSOperation {
    struct Input: InputShape {
        let globalTableName: String
        let replicaUpdates: [Update]

        init(_ member: Members) throws {
            globalTableName = try member("GlobalTableName")
            replicaUpdates = try member("ReplicaUpdates")
        }
    }

    /// One member of `ReplicaUpdates`.
    enum Update: InputShape {
        case create(String)
        case delete(String)

        init(_ member: Members) throws {
            let create: NamedRegion? = try member("Create")
            let delete: NamedRegion? = try member("Delete")
            switch (create, delete) {
            case (let create?, nil): self = .create(create.region)
            case (nil, let delete?): self = .delete(delete.region)
            case (nil, nil): throw ServiceError.validation("One or more parameter values were invalid")
            default:
                throw ServiceError.invalidParameter(
                    "A ReplicaUpdate structure cannot contain both a create replica action and a delete replica action")
            }
        }

        var region: String {
            switch self {
            case .create(let region), .delete(let region): region
            }
        }
    }

    typealias Output = CreateGlobalTable.Output

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        LegacyGlobalTable.permissions(input.globalTableName, input.replicaUpdates.map(\.region), tables, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard !input.replicaUpdates.isEmpty else {
            throw ServiceError.validation("One or more parameter values were invalid")
        }
        let known = try LegacyGlobalTable(input.globalTableName, tables, in: call).find()
        let catalog = tables.catalog
        let table = try await tables.write { transaction in
            let table = try transaction.current(known)
            try table.requireSteadyReplicas()
            var global = try GlobalTable(of: table, in: transaction, catalog)
            for update in input.replicaUpdates {
                switch update {
                case .create(let region): try global.take(in: region, beside: table, in: transaction, at: call.now)
                case .delete(let region): try global.release(region)
                }
            }
            try global.store()
            return global[table.region] ?? table
        }
        tables.backgroundWork.signal()
        tables.replicaWork.signal()
        return Output(description: GlobalTableDescription(table, in: call))
    }
}

extension GlobalTable {
    fileprivate mutating func take(
        in region: String, beside table: TableDefinition, in transaction: Transaction, at now: Timestamp
    ) throws {
        guard replication?[region] == nil else {
            throw ServiceError(
                "ReplicaAlreadyExistsException",
                "Global table with name: '\(table.name)' already has a replica in region: '\(region)'.")
        }
        let candidate = try transaction.legacyCandidate(table.identity(in: region), like: table)
        try add(
            candidate, Replica(region: region, status: .creating, source: table.region, createdAt: now), opening: nil)
    }

    fileprivate mutating func release(_ region: String) throws(ServiceError) {
        guard replication?[region] != nil else {
            throw ServiceError(
                "ReplicaNotFoundException", "The global table does not have a replica in region: '\(region)'.")
        }
        update(region) { $0.status = .leaving }
    }
}
