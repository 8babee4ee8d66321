import ServiceKit

/// A table: everything about it but its items.
struct TableDefinition: Sendable {
    enum BillingMode: String, Sendable {
        case provisioned = "PROVISIONED"
        case payPerRequest = "PAY_PER_REQUEST"
    }

    struct Stream: Sendable, Hashable {
        /// Its records in the storage.
        let id: Int64
        let label: String
        let view: StreamView
        var policy: ResourcePolicy?
    }

    struct TimeToLive: Sendable, Hashable {
        let attribute: Text
        /// Where noting the expiry of older items has come to; `nil` when all are noted.
        var backfillPosition: [UInt8]?
    }

    /// Its items in the storage; never used twice.
    let id: Int64
    /// Raised with every change, so that a writer notices it holds an old one.
    var version: Int64
    let account: String
    let region: String
    let name: String
    /// What AWS calls `TableId`.
    let uuid: String
    let createdAt: Timestamp
    let schema: KeySchema
    /// Types of all attributes in keys of table and indexes, in the order they were given.
    var attributeDefinitions: [KeyAttribute]
    var billing: BillingMode
    var throughput: Throughput
    var payPerRequestSince: Timestamp?
    var indexes: [SecondaryIndex]
    @Boxed var stream: Stream?
    var timeToLive: TimeToLive?
    var tags: [String: String]
    var isDeletionProtected: Bool
    var tableClass: String?
    @Boxed var policy: ResourcePolicy?
    var capacityHistory = CapacityHistory()
    /// `nil` where it is off.
    var recovery: PointInTimeRecovery?
    /// Where it came from; `nil` for a table that was created empty.
    @Boxed var restoration: Restoration?

    /// The import that fills it; `nil` for every other table, and once it is done.
    var importARN: String?

    /// `nil` for a table without a key of its account's.
    @Boxed var encryption: TableEncryption?

    /// `nil` for a table of one region.
    @Boxed var replication: Replication?

    var isBeingRestored: Bool { restoration?.offset != nil }
    /// It takes no requests yet.
    var isBeingFilled: Bool { isBeingRestored || importARN != nil || replication?.backfill != nil }

    var takesRequests: Bool { !isBeingFilled && !isBeingDeleted }

    var arn: ARN { ARN("dynamodb", region: region, account: account, "table/\(name)") }

    func indexARN(_ index: SecondaryIndex) -> ARN {
        ARN("dynamodb", region: region, account: account, "table/\(name)/index/\(index.name)")
    }

    var streamARN: ARN? {
        stream.map { ARN("dynamodb", region: region, account: account, "table/\(name)/stream/\($0.label)") }
    }

    func index(named name: String) -> SecondaryIndex? { indexes.first { $0.name == name } }

    var hasLocalIndexes: Bool { indexes.contains { $0.scope == .local } }

    /// Checks an item against the keys of the table and of its indexes.
    func validate(item: AttributeMap) throws(ServiceError) {
        try schema.validate(item: item)
        try validateIndexKeys(of: item)
    }

    func validateIndexKeys(of item: AttributeMap) throws(ServiceError) {
        for index in indexes { try index.schema.validate(item: item, forIndex: index.name) }
    }
}

/// What a stream's records show of an item.
enum StreamView: String, Sendable {
    case keysOnly = "KEYS_ONLY"
    case newImage = "NEW_IMAGE"
    case oldImage = "OLD_IMAGE"
    case newAndOldImages = "NEW_AND_OLD_IMAGES"

    var showsNew: Bool { self == .newImage || self == .newAndOldImages }
    var showsOld: Bool { self == .oldImage || self == .newAndOldImages }
}
