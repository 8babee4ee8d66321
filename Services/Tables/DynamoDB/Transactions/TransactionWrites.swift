import ServiceKit

/// The writes of one transaction: all of them, or none.
struct TransactionWrites: Sendable {
    let writes: [ItemWrite]

    /// - Throws: `TransactionCanceledException` for the first write that does not fit its table, and a validation
    ///   error for two of one item.
    init(count: Int, _ write: (Int) throws(ServiceError) -> ItemWrite) throws(ServiceError) {
        var writes: [ItemWrite] = []
        for index in 0..<count {
            do {
                writes.append(try write(index))
            } catch {
                var reasons = [CancellationReason](repeating: .none, count: count)
                reasons[index] = CancellationReason(error)
                throw .transactionCanceled(reasons)
            }
        }
        var seen: Set<StoredPlace> = []
        for write in writes where !seen.insert(StoredPlace(of: write)).inserted {
            throw .validation("Transaction request cannot include multiple operations on one item")
        }
        self.writes = writes
    }

    /// Performs them, or nothing and answers nothing where the token says that they were performed before.
    func perform(
        _ token: TransactionToken?, in transaction: Transaction, _ meter: CapacityMeter, at now: Timestamp
    ) throws -> [ItemWrite.Outcome] {
        if let token, try !transaction.claim(token, at: now) { return [] }
        return try perform(in: transaction, meter, at: now)
    }

    /// Tries every action, so that the reasons tell of all that failed; the storage undoes those that did not.
    private func perform(
        in transaction: Transaction, _ meter: CapacityMeter, at now: Timestamp
    ) throws -> [ItemWrite.Outcome] {
        var outcomes: [ItemWrite.Outcome] = []
        var reasons: [CancellationReason] = []
        var tables = CurrentTables()
        for write in writes {
            do {
                let outcome = try write.perform(
                    on: tables.current(write.shared, in: transaction), in: transaction, at: now)
                try meter.charge(outcome, factor: 2, at: now)
                outcomes.append(outcome)
                reasons.append(.none)
            } catch let error as ServiceError where error.code != ServiceError.resourceNotFound.code {
                reasons.append(try CancellationReason(error, of: write, in: transaction))
            }
        }
        guard outcomes.count == writes.count else { throw ServiceError.transactionCanceled(reasons) }
        return outcomes
    }

    /// What they consumed; for no outcomes, of a transaction performed before, what reading them again does.
    func consumed(
        by outcomes: [ItemWrite.Outcome], _ report: CapacityReport
    ) throws -> ConsumedCapacityList {
        var capacity = ConsumedCapacityList(report)
        for outcome in outcomes {
            // A transaction prepares and commits: everything costs twice.
            var consumed = ConsumedCapacity(
                report, table: outcome.table, units: try outcome.tableUnits * 2, direction: .write)
            consumed.add(outcome.indexUnits, of: outcome.table, factor: 2)
            capacity.add(consumed)
        }
        if outcomes.isEmpty {
            for write in writes {
                capacity.add(ConsumedCapacity(report, table: write.table, units: 2, direction: .read))
            }
        }
        return capacity
    }
}

extension CancellationReason {
    fileprivate init(_ error: ServiceError) {
        let code =
            switch error.code {
            case ServiceError.duplicateItem.code: "DuplicateItem"
            case "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded"
            default: "ValidationError"
            }
        self.init(code: code, message: error.message, item: nil)
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
