import AWSModel
import ServiceKit

/// Puts and deletes up to 25 items of any tables. All are on disk when it answers; only a table without capacity leaves
/// some unprocessed.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html)
struct BatchWriteItem: AWSOperation {
    struct Input: InputShape {
        enum Request: OutputShape {
            case put(StoredItem)
            case delete(AttributeMap)

            var subject: ItemSubject {
                switch self {
                case .put(let item): .item(item)
                case .delete(let key): .key(key)
                }
            }

            func write(to json: inout JSONWriter) {
                switch self {
                case .put(let item):
                    json.member("PutRequest") { $0.object { $0.member("Item", PreparedItem(own: item)) } }
                case .delete(let key): json.member("DeleteRequest") { $0.object { $0.member("Key", key) } }
                }
            }
        }

        let requestItems: [(table: TableReference, requests: [Request])]
        let capacity: CapacityReport
        let itemCollectionMetrics: String?

        init(_ member: Members) throws {
            let items: JSONValue = try member("RequestItems")
            requestItems = try items.members.map { entry in
                let requests = try entry.value.elements.map { try Self.request(Members($0)) }
                guard !requests.isEmpty else { throw MemberError.missing("RequestItems") }
                return (TableReference(entry.name), requests)
            }
            try BatchNames.check(requestItems.map(\.table), echo: ValueText.of(items))
            capacity = try CapacityReport(member)
            itemCollectionMetrics = try member("ReturnItemCollectionMetrics")
        }

        private static func request(_ member: Members) throws -> Request {
            let put: JSONValue? = try member("PutRequest")
            let delete: JSONValue? = try member("DeleteRequest")
            switch (put, delete) {
            case (let put?, nil):
                let item: StoredItem = try Members(put)("Item")
                try item.checkSize()
                return .put(item)
            case (nil, let delete?): return .delete(try Members(delete)("Key"))
            default:
                throw ServiceError.validation(
                    "Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest")
            }
        }
    }

    struct Output: OutputShape {
        let unprocessed: [(table: TableReference, requests: [Input.Request])]
        let itemCollectionMetrics: ItemCollectionMetricsList?
        let consumedCapacity: [ConsumedCapacity]?

        func write(to json: inout JSONWriter) {
            json.member("UnprocessedItems") { json in
                json.object { json in
                    for (table, requests) in unprocessed { json.member(table.text, requests) }
                }
            }
            json.member("ItemCollectionMetrics", itemCollectionMetrics)
            json.member("ConsumedCapacity", consumedCapacity)
        }
    }

    private static let requestLimit = 25

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        input.requestItems.map { table, requests in
            var access = ItemAccess(table)
            if tables.isBound(call, on: table) {
                let subjects = requests.map(\.subject.attributes)
                access.leadingKeys = tables.leadingKeys(subjects, of: table, in: call)
                access.attributes = Set(subjects.flatMap { $0.entries.map(\.name) })
            }
            return access.permission(tables, in: call)
        }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard input.requestItems.reduce(0, { $0 + $1.requests.count }) <= Self.requestLimit else {
            throw ServiceError.validation("Too many items requested for the BatchWriteItem call")
        }
        let writes = try input.requestItems.flatMap { table, requests in
            try self.writes(requests, to: tables.shared(table, in: call))
        }
        let outcomes = try await tables.write { [meter = tables.meter] transaction in
            try Self.perform(writes, in: transaction, meter, at: call.now)
        }
        guard outcomes.contains(where: { $0 != nil }) else { throw ServiceError.throughputExceeded() }
        var capacity = ConsumedCapacityList(input.capacity)
        var metrics = ItemCollectionMetricsList()
        for case let outcome? in outcomes {
            if input.capacity != .none {
                var consumed = ConsumedCapacity(input.capacity, table: outcome.table, units: try outcome.tableUnits)
                consumed.add(outcome.indexUnits, of: outcome.table)
                capacity.add(consumed)
            }
            metrics.add(
                try ItemCollectionMetrics(input.itemCollectionMetrics, key: outcome.key, in: outcome.table),
                of: outcome.table)
        }
        return Output(
            unprocessed: Self.leftOver(input.requestItems, outcomes), itemCollectionMetrics: metrics.ifAny,
            consumedCapacity: capacity.ifWanted)
    }

    /// `nil` for a write whose table has no capacity left.
    private static func perform(
        _ writes: [ItemWrite], in transaction: Transaction, _ meter: CapacityMeter, at now: Timestamp
    ) throws -> [ItemWrite.Outcome?] {
        var tables = CurrentTables()
        return try writes.map { write in
            let table = try tables.current(write.shared, in: transaction)
            guard meter.hasUnits(.write, write.table, at: now) else { return nil }
            let outcome = try write.perform(on: table, in: transaction, at: now)
            try meter.take(outcome, at: now)
            return outcome
        }
    }

    /// The requests without an outcome, by table.
    private static func leftOver(
        _ items: [(table: TableReference, requests: [Input.Request])], _ outcomes: [ItemWrite.Outcome?]
    ) -> [(table: TableReference, requests: [Input.Request])] {
        guard outcomes.contains(where: { $0 == nil }) else { return [] }
        var rest = outcomes[...]
        return items.compactMap { table, requests in
            let own = zip(requests, rest.prefix(requests.count))
            rest = rest.dropFirst(requests.count)
            let left = own.filter { $0.1 == nil }.map(\.0)
            return left.isEmpty ? nil : (table, left)
        }
    }

    private func writes(_ requests: [Input.Request], to table: SharedTable) throws -> [ItemWrite] {
        var seen: Set<StoredPlace> = []
        return try requests.map { request in
            let write =
                switch request {
                case .put(let item): try ItemWrite.put(item, in: table, isOfBatch: true)
                case .delete(let key): try ItemWrite.delete(key, from: table)
                }
            guard seen.insert(StoredPlace(of: write)).inserted else {
                throw ServiceError.duplicateKeys
            }
            return write
        }
    }
}
