import ServiceKit

/// What a request over several tables consumed, table by table.
struct ConsumedCapacityList: Sendable {
    let report: CapacityReport
    private var tables: [String: ConsumedCapacity] = [:]

    init(_ report: CapacityReport) { self.report = report }

    mutating func add(_ consumed: ConsumedCapacity) {
        if tables[consumed.tableName] == nil {
            tables[consumed.tableName] = consumed
        } else {
            tables[consumed.tableName]?.add(consumed)
        }
    }

    /// In the order of the tables' names; `nil` where the request did not ask.
    var ifWanted: [ConsumedCapacity]? {
        report == .none ? nil : tables.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// `ItemCollectionMetrics` of a request over several tables.
struct ItemCollectionMetricsList: Sendable, JSONWritable {
    private var tables: [String: [ItemCollectionMetrics]] = [:]

    mutating func add(_ metrics: ItemCollectionMetrics?, of table: TableDefinition) {
        guard let metrics, !(tables[table.name]?.contains { $0.key == metrics.key } ?? false) else { return }
        tables[table.name, default: []].append(metrics)
    }

    /// `nil` where no table has any.
    var ifAny: ItemCollectionMetricsList? { tables.isEmpty ? nil : self }

    func writeValue(to json: inout JSONWriter) {
        json.object { json in
            for (name, metrics) in tables.sorted(by: { $0.key < $1.key }) { json.member(name, metrics) }
        }
    }
}
