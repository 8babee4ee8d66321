import ServiceKit

/// Capacity arithmetic.
///
/// [Read and write operations](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html)
enum Capacity {
    /// One unit for each KiB, at least one; none for an item that is not written.
    static func writeUnits(_ size: Int?) -> Double {
        guard let size else { return 0 }
        return Double(max(1, (size + 1023) / 1024))
    }

    /// Half a unit for each 4 KiB read, one for a strongly consistent read; at least for 4 KiB.
    static func readUnits(_ size: Int, isConsistent: Bool) -> Double {
        readUnits(blocks: readBlocks(size), isConsistent: isConsistent)
    }

    static func readUnits(blocks: Int, isConsistent: Bool) -> Double {
        isConsistent ? Double(blocks) : Double(blocks) / 2
    }

    /// What reads are counted in.
    static let readBlock = 4096

    static func readBlocks(_ size: Int) -> Int { max(1, (size + readBlock - 1) / readBlock) }
}

/// `ReturnConsumedCapacity`
enum CapacityReport: String, Sendable {
    case indexes = "INDEXES"
    case total = "TOTAL"
    case none = "NONE"
}

/// What a request consumed of one table and its indexes.
struct ConsumedCapacity: OutputShape {
    enum Direction { case read, write }

    let report: CapacityReport
    let tableName: String
    /// A transaction also says which way the units went.
    var direction: Direction?
    var table: Double
    var globalIndexes: [String: Double] = [:]
    var localIndexes: [String: Double] = [:]

    init(_ report: CapacityReport, table: TableDefinition, units: Double, direction: Direction? = nil) {
        self.report = report
        tableName = table.name
        self.table = units
        self.direction = direction
    }

    /// `nil` where the request did not ask.
    var ifWanted: ConsumedCapacity? { report == .none ? nil : self }

    var total: Double {
        table + globalIndexes.values.reduce(0, +) + localIndexes.values.reduce(0, +)
    }

    mutating func add(_ units: [String: Double], of table: TableDefinition, factor: Double = 1) {
        for (name, amount) in units {
            if table.index(named: name)?.scope == .local {
                localIndexes[name, default: 0] += amount * factor
            } else {
                globalIndexes[name, default: 0] += amount * factor
            }
        }
    }

    mutating func add(_ other: ConsumedCapacity) {
        table += other.table
        globalIndexes.merge(other.globalIndexes, uniquingKeysWith: +)
        localIndexes.merge(other.localIndexes, uniquingKeysWith: +)
    }

    func write(to json: inout JSONWriter) {
        json.member("TableName", tableName)
        writeUnits(total, to: &json)
        guard report == .indexes else { return }
        json.member("Table") { json in json.object { writeUnits(table, to: &$0) } }
        writeIndexes("LocalSecondaryIndexes", localIndexes, to: &json)
        writeIndexes("GlobalSecondaryIndexes", globalIndexes, to: &json)
    }

    private func writeIndexes(_ member: String, _ indexes: [String: Double], to json: inout JSONWriter) {
        guard !indexes.isEmpty else { return }
        json.member(member) { json in
            json.object { json in
                for (name, units) in indexes.sorted(by: { $0.key < $1.key }) {
                    json.member(name) { json in json.object { writeUnits(units, to: &$0) } }
                }
            }
        }
    }

    private func writeUnits(_ units: Double, to json: inout JSONWriter) {
        json.member("CapacityUnits", units)
        switch direction {
        case .read: json.member("ReadCapacityUnits", units)
        case .write: json.member("WriteCapacityUnits", units)
        case nil: break
        }
    }
}

/// What `ReturnItemCollectionMetrics` answers for a table with local indexes.
struct ItemCollectionMetrics: OutputShape {
    let key: AttributeMap

    /// `nil` where the request did not ask or the table has no local index, as on AWS.
    init?(_ wanted: String?, key: @autoclosure () throws -> AttributeMap, in table: TableDefinition) rethrows {
        guard wanted == "SIZE", table.hasLocalIndexes else { return nil }
        let key = try key()
        var partition = AttributeMap()
        partition[table.schema.partition.name] = key[table.schema.partition.name]
        self.key = partition
    }

    func write(to json: inout JSONWriter) {
        json.member("ItemCollectionKey", key)
        // An estimate in whole gigabytes; collections here are not limited to ten of them.
        json.member("SizeEstimateRangeGB", [0.0, 1.0])
    }
}
