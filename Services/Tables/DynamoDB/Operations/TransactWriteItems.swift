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
            access.leadingKeys = tables.leadingKeys([action.attributes], of: action.table, in: call)
            access.attributes = Set(action.attributes.entries.map(\.name))
            if call.caller.kind != .root, let compiled = try? action.compile(tables.expressions) {
                access.attributes.formUnion(compiled.update?.paths.map(\.root) ?? [])
                access.attributes.formUnion(compiled.condition?.attributeNames ?? [])
            }
            return access.permission(action.kind.permission, in: call)
        }
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let compiled = try input.actions.map { try $0.compile(tables.expressions) }
        guard input.actions.reduce(0, { $0 + $1.attributes.size }) <= Self.sizeLimit else {
            throw ServiceError.validation("Transaction payload size cannot exceed \(Self.sizeLimit) bytes")
        }
        let definitions = try input.actions.map { try tables.table($0.table, in: call) }
        let writes = try Self.writes(input.actions, compiled, definitions)
        let token = input.clientRequestToken.map { TransactionToken($0, request: input.actionBytes, in: call) }
        let outcomes = try await tables.write { transaction in
            // Performed before: the same success, nothing done again.
            if let token, try !transaction.claim(token, at: call.now) { return [ItemWrite.Outcome]() }
            return try Self.perform(writes, in: transaction, at: call.now)
        }
        return try Self.output(of: outcomes, writes, input)
    }

    /// - Throws: `TransactionCanceledException` for the first action that does not fit its table.
    private static func writes(
        _ actions: [TransactWriteAction], _ compiled: [TransactWriteAction.Compiled], _ tables: [TableDefinition]
    ) throws(ServiceError) -> [ItemWrite] {
        var writes: [ItemWrite] = []
        for (index, action) in actions.enumerated() {
            do {
                writes.append(try action.write(compiled[index], in: tables[index]))
            } catch {
                var reasons = [CancellationReason](repeating: .none, count: actions.count)
                reasons[index] = CancellationReason(error)
                throw .transactionCanceled(reasons)
            }
        }
        var seen: Set<StoredPlace> = []
        for write in writes where !seen.insert(StoredPlace(table: write.table.id, key: write.storedKey)).inserted {
            throw .validation("Transaction request cannot include multiple operations on one item")
        }
        return writes
    }

    private struct StoredPlace: Hashable {
        let table: Int64
        let key: [UInt8]
    }

    /// Tries every action, so that the reasons tell of all that failed; the storage undoes those that did not.
    private static func perform(
        _ writes: [ItemWrite], in transaction: Transaction, at now: Timestamp
    ) throws -> [ItemWrite.Outcome] {
        var outcomes: [ItemWrite.Outcome] = []
        var reasons: [CancellationReason] = []
        for write in writes {
            do {
                outcomes.append(try write.perform(in: transaction, at: now))
                reasons.append(.none)
            } catch let error as ServiceError where error.code != ServiceError.resourceNotFound.code {
                reasons.append(try CancellationReason(error, of: write, in: transaction))
            }
        }
        guard outcomes.count == writes.count else { throw ServiceError.transactionCanceled(reasons) }
        return outcomes
    }

    private static func output(
        of outcomes: [ItemWrite.Outcome], _ writes: [ItemWrite], _ input: Input
    ) throws -> Output {
        var capacity = ConsumedCapacityList(input.capacity)
        var metrics = ItemCollectionMetricsList()
        for outcome in outcomes {
            // A transaction prepares and commits: everything costs twice.
            var consumed = ConsumedCapacity(
                input.capacity, table: outcome.table, units: try outcome.tableUnits * 2, direction: .write)
            consumed.add(outcome.indexUnits, of: outcome.table, factor: 2)
            capacity.add(consumed)
            metrics.add(
                ItemCollectionMetrics(input.itemCollectionMetrics, key: outcome.key, in: outcome.table),
                of: outcome.table)
        }
        if outcomes.isEmpty {
            // A repeated request reads what it wrote before.
            for write in writes {
                capacity.add(ConsumedCapacity(input.capacity, table: write.table, units: 2, direction: .read))
            }
        }
        return Output(consumedCapacity: capacity.ifWanted, itemCollectionMetrics: metrics.ifAny)
    }
}

extension CancellationReason {
    fileprivate init(_ error: ServiceError) {
        self.init(code: "ValidationError", message: error.message, item: nil)
    }

    fileprivate init(_ error: ServiceError, of write: ItemWrite, in transaction: Transaction) throws {
        guard error.code == ServiceError.conditionalCheckFailed(nil).code else {
            self.init(error)
            return
        }
        let old = write.returnsOldOnFailure ? try transaction.item(write.storedKey, in: write.table) : nil
        self.init(code: "ConditionalCheckFailed", message: error.message, item: try old?.attributes())
    }
}
