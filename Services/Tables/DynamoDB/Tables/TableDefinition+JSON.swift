import ServiceKit

/// The form a table has in the catalogue.
extension TableDefinition: InputShape, OutputShape {
    init(_ member: Members) throws {
        try self.init(
            id: member("id"), version: member("version"), account: member("account"), region: member("region"),
            name: member("name"), uuid: member("uuid"), createdAt: member("createdAt"), schema: member("schema"),
            attributeDefinitions: member("attributes"),
            billing: BillingMode(rawValue: member("billing")) ?? .provisioned, throughput: member("throughput"),
            payPerRequestSince: member("payPerRequestSince"), indexes: member("indexes"), stream: member("stream"),
            timeToLive: member("timeToLive"), tags: member("tags"), isDeletionProtected: member("deletionProtected"),
            tableClass: member("tableClass"), policy: member("policy"),
            capacityHistory: member("capacityHistory") ?? CapacityHistory(), recovery: member("recovery"),
            restoration: member("restoration"), importARN: member("import"), encryption: member("encryption"),
            replication: member("replication"))
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("version", version)
        json.member("account", account)
        json.member("region", region)
        json.member("name", name)
        json.member("uuid", uuid)
        json.member("createdAt", createdAt)
        json.member("schema", schema)
        json.member("attributes", attributeDefinitions)
        json.member("billing", billing.rawValue)
        json.member("throughput", throughput)
        json.member("payPerRequestSince", payPerRequestSince)
        json.member("indexes", indexes)
        json.member("stream", stream)
        json.member("timeToLive", timeToLive)
        json.member("tags", tags)
        json.member("deletionProtected", isDeletionProtected)
        json.member("tableClass", tableClass)
        json.member("policy", policy)
        json.member("capacityHistory", capacityHistory)
        json.member("recovery", recovery)
        json.member("restoration", restoration)
        json.member("import", importARN)
        json.member("encryption", encryption)
        json.member("replication", replication)
    }
}

extension KeyAttribute: InputShape, OutputShape {
    init(_ member: Members) throws {
        name = Text(try member("name"))
        let kind: String = try member("kind")
        guard let kind = AttributeValue.Kind(rawValue: kind) else { throw MemberError.invalid("unknown type") }
        self.kind = kind
    }

    func write(to json: inout JSONWriter) {
        json.member("name", name.string)
        json.member("kind", kind.rawValue)
    }
}

extension KeySchema: InputShape, OutputShape {
    init(_ member: Members) throws {
        let sort: KeyAttribute? = try member("sort")
        self.init(
            partition: try member("partition"), others: try member("otherPartitions") ?? [],
            sorts: (sort.map { [$0] } ?? []) + (try member("otherSorts") ?? []))
    }

    func write(to json: inout JSONWriter) {
        json.member("partition", partition)
        json.member("sort", sort)
        if partitions.count > 1 { json.member("otherPartitions", Array(partitions.dropFirst())) }
        if sorts.count > 1 { json.member("otherSorts", Array(sorts.dropFirst())) }
    }
}

extension Throughput: InputShape, OutputShape {
    init(_ member: Members) throws {
        read = try member("read")
        write = try member("write")
    }

    func write(to json: inout JSONWriter) {
        json.member("read", read)
        json.member("write", write)
    }
}

extension SecondaryIndex: InputShape, OutputShape {
    init(_ member: Members) throws {
        id = try member("id")
        name = try member("name")
        scope = try Scope(rawValue: member("scope")) ?? .global
        schema = try member("schema")
        status = try Status(rawValue: member("status")) ?? .active
        let position: Blob? = try member("backfillPosition")
        backfillPosition = position?.bytes
        throughput = try member("throughput")
        capacityHistory = try member("capacityHistory") ?? CapacityHistory()
        let included: [String]? = try member("include")
        let type: String = try member("projection")
        projection = type == "ALL" ? .all : included.map { .include($0.map { Text($0) }) } ?? .keysOnly
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("name", name)
        json.member("scope", scope.rawValue)
        json.member("schema", schema)
        json.member("status", status.rawValue)
        json.member("backfillPosition", backfillPosition.map(Blob.init))
        json.member("throughput", throughput)
        if capacityHistory != CapacityHistory() { json.member("capacityHistory", capacityHistory) }
        json.member("projection", projection.name)
        if case .include(let names) = projection { json.member("include", names.map(\.string)) }
    }
}

extension SecondaryIndex.Projection {
    /// `ProjectionType`
    var name: String {
        switch self {
        case .all: "ALL"
        case .keysOnly: "KEYS_ONLY"
        case .include: "INCLUDE"
        }
    }
}

extension TableDefinition.Stream: InputShape, OutputShape {
    init(_ member: Members) throws {
        id = try member("id")
        label = try member("label")
        view = try StreamView(rawValue: member("view")) ?? .newAndOldImages
        policy = try member("policy")
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("label", label)
        json.member("view", view.rawValue)
        json.member("policy", policy)
    }
}

extension TableDefinition.TimeToLive: InputShape, OutputShape {
    init(_ member: Members) throws {
        attribute = Text(try member("attribute"))
        let position: Blob? = try member("backfillPosition")
        backfillPosition = position?.bytes
    }

    func write(to json: inout JSONWriter) {
        json.member("attribute", attribute.string)
        json.member("backfillPosition", backfillPosition.map(Blob.init))
    }
}
