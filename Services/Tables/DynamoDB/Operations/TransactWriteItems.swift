import ServiceKit

/// Writes up to a hundred items of any tables: all, or none.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)
struct TransactWriteItems: AWSOperation {
    struct Input: InputShape {
        let actions: [TransactWriteAction]
        let clientRequestToken: String?
        let capacity: CapacityReport
        let itemCollectionMetrics: String?
        /// As they came, to know a repeated request by.
        let actionBytes: ArraySlice<UInt8>

        init(_ member: Members) throws {
            let items: JSONValue = try member("TransactItems")
            actions = try items.elements.map { try TransactWriteAction(json: $0) }
            actionBytes = items.rawBytes
            clientRequestToken = try member("ClientRequestToken")
            capacity = try CapacityReport(member)
            itemCollectionMetrics = try member("ReturnItemCollectionMetrics")
        }
    }

    struct Output: OutputShape {
        let consumedCapacity: [ConsumedCapacity]?
        let itemCollectionMetrics: ItemCollectionMetricsList?

        func write(to json: inout JSONWriter) {
            json.member("ConsumedCapacity", consumedCapacity)
            json.member("ItemCollectionMetrics", itemCollectionMetrics)
        }
    }

    private static let sizeLimit = 4 << 20

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        input.actions.map { action in
            var access = ItemAccess(action.table)
            guard tables.isBound(call, on: action.table) else {
                return access.permission(tables, action.kind.permission, in: call)
            }
            let attributes = action.subject.attributes
            access.leadingKeys = tables.leadingKeys([attributes], of: action.table, in: call)
            access.attributes = Set(attributes.entries.map(\.name))
            if let compiled = try? action.compile(tables.expressions) {
                access.attributes.formUnion(compiled.update?.paths.map(\.root) ?? [])
                access.attributes.formUnion(compiled.condition?.attributeNames ?? [])
            }
            return access.permission(tables, action.kind.permission, in: call)
        }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let compiled = try input.actions.map { try $0.compile(tables.expressions) }
        guard input.actions.reduce(0, { $0 + $1.subject.size }) <= Self.sizeLimit else {
            throw ServiceError.validation("Transaction payload size cannot exceed \(Self.sizeLimit) bytes")
        }
        let definitions = try input.actions.map { try tables.shared($0.table, in: call) }
        let actions = input.actions
        let writes: TransactionWrites
        do {
            writes = try TransactionWrites(count: actions.count) { (index) throws(ServiceError) in
                try actions[index].write(compiled[index], in: definitions[index])
            }
        } catch {
            // An empty key is no reason of a cancellation, as other keys are that do not fit.
            for (action, table) in zip(actions, definitions) {
                try table.definition.refuseEmptyKeys(in: action.subject.attributes)
            }
            throw error
        }
        let token = input.clientRequestToken.map { TransactionToken($0, request: input.actionBytes, in: call) }
        let outcomes = try await tables.write { [meter = tables.meter] transaction in
            try writes.perform(token, in: transaction, meter, at: call.now)
        }
        var metrics = ItemCollectionMetricsList()
        for outcome in outcomes {
            metrics.add(
                try ItemCollectionMetrics(input.itemCollectionMetrics, key: outcome.key, in: outcome.table),
                of: outcome.table)
        }
        return Output(
            consumedCapacity: try writes.consumed(by: outcomes, input.capacity).ifWanted,
            itemCollectionMetrics: metrics.ifAny)
    }
}
