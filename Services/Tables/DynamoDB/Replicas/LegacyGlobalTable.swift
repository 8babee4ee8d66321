import ServiceKit

/// A global table of version 2017.11.29: tables that were there before, under one name.
///
/// It is kept by the same engine as those of version 2019.11.21: items bear no `aws:rep:` attributes.
struct LegacyGlobalTable: Sendable {
    let account: String
    let name: String
    /// Any of its replicas; `nil` where there is no such global table.
    let member: TableDefinition?

    init(_ name: String, _ tables: TableStore, in call: Call) {
        self.name = name
        account = call.account
        member = tables.catalog.replicas.first {
            $0.account == call.account && $0.name == name && $0.replication?.version == .legacy
        }
    }

    /// - Throws: `GlobalTableNotFoundException`
    func find() throws(ServiceError) -> TableDefinition {
        guard let member else { throw .globalTableNotFound(name) }
        return member
    }

    static func arn(_ name: String, in call: Call) -> ARN {
        ARN("dynamodb", region: "", account: call.account, "global-table/\(name)")
    }

    /// An operation on it needs the same on the global table and on every replica named.
    static func permissions(_ name: String, _ regions: [String], _ tables: TableStore, in call: Call) -> [Permission] {
        [Permission(on: arn(name, in: call))]
            + regions.map { region in
                let table = TableIdentity(account: call.account, region: region, name: name)
                return Permission(on: table.arn, resourcePolicy: tables.catalog.table(table)?.policy?.policy)
            }
    }
}

/// `GlobalTableDescription`
struct GlobalTableDescription: OutputShape {
    let name: String
    let arn: ARN
    let replication: Replication

    init?(_ table: TableDefinition, in call: Call) {
        guard let replication = table.replication else { return nil }
        name = table.name
        arn = LegacyGlobalTable.arn(table.name, in: call)
        self.replication = replication
    }

    func write(to json: inout JSONWriter) {
        json.member("GlobalTableName", name)
        json.member("GlobalTableArn", arn)
        json.member("CreationDateTime", replication.createdAt)
        json.member("GlobalTableStatus", replication.isChanging ? "UPDATING" : "ACTIVE")
        json.member("ReplicationGroup", replication.replicas.map(ReplicaOutput.init))
    }

    private struct ReplicaOutput: OutputShape {
        let replica: Replica

        func write(to json: inout JSONWriter) {
            json.member("RegionName", replica.region)
            json.member("ReplicaStatus", replica.status.name)
        }
    }
}

extension Transaction {
    /// A table of one region that may become a replica beside another one.
    ///
    /// - Throws: for one that is not there, not empty, without the right stream, or with other keys or indexes.
    func legacyCandidate(_ identity: TableIdentity, like other: TableDefinition?) throws -> TableDefinition {
        guard let table = try table(identity), table.takesRequests else {
            throw ServiceError(
                "TableNotFoundException",
                "Table not found: Table with name: '\(identity.name)' does not exist in region: '\(identity.region)'.")
        }
        let place = "Table with name: '\(table.name)' in region: '\(table.region)'"
        guard table.replication == nil else {
            throw ServiceError.invalidParameter("\(place) is a replica of a global table already.")
        }
        guard table.stream?.view == .newAndOldImages else {
            throw ServiceError.invalidParameter("\(place) must have a stream with new and old images.")
        }
        guard table.encryption?.isCustomerManaged != true else { throw ServiceError.customerKeyOfLegacyReplica }
        guard try !hasItems(in: table) else {
            throw ServiceError.invalidParameter("\(place) must be empty.")
        }
        guard other.map({ $0.hasKeys(of: table) }) ?? true else {
            throw ServiceError.invalidParameter("\(place) must have the keys and indexes of the other replicas.")
        }
        return table
    }
}

extension TableDefinition {
    fileprivate func hasKeys(of other: TableDefinition) -> Bool {
        func keys(_ table: TableDefinition) -> Set<SecondaryIndex.Keys> {
            Set(table.indexes.map { SecondaryIndex.Keys(name: $0.name, scope: $0.scope, schema: $0.schema) })
        }
        return schema == other.schema && keys(self) == keys(other)
    }
}

extension SecondaryIndex {
    fileprivate struct Keys: Hashable {
        let name: String
        let scope: Scope
        let schema: KeySchema
    }
}

extension ServiceError {
    static func globalTableNotFound(_ name: String) -> ServiceError {
        ServiceError("GlobalTableNotFoundException", "Global table with name: '\(name)' does not exist.")
    }
}
