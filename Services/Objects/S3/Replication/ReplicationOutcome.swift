import ServiceKit

/// What becomes of a task that could not be done.
struct ReplicationOutcome: Sendable {
    /// A refusal counts as final from this try on: permissions may be on their way when a rule begins.
    private static let refusals = 4
    private static let longestPause = Duration.seconds(300)

    let store: S3Store
    let task: ReplicationTask
    let rule: ReplicationConfiguration.Rule?
    let object: StoredObject?
    let source: Bucket
    let call: Call

    /// The version is gone: there is nothing to bring any more.
    func abandon() async throws {
        try await write { transaction in
            try transaction.finish(task, of: nil, in: source)
            if let rule, rule.destination.hasTimeControl {
                try notify("OperationNotTracked", rule, in: transaction)
            }
        }
    }

    /// Tries again some times, then gives up.
    func refuse(_ failure: ReplicationFailure) async throws {
        guard task.attempts + 1 >= Self.refusals else { return try await postpone() }
        try await write { transaction in
            try transaction.finish(task, of: object, in: source, failure: failure)
            if let rule, rule.destination.hasMetrics {
                try notify("OperationFailedReplication", rule, failure, in: transaction)
            }
        }
    }

    /// Tries again later, and again, until it is done.
    func postpone() async throws {
        let (now, limit) = (call.now, task.promised)
        let isControlled = rule?.destination.hasTimeControl ?? false
        let isLate = isControlled && now >= limit
        var due = now + min(.seconds(1 << min(task.attempts, 9)), Self.longestPause)
        if isControlled, !isLate { due = min(due, limit) }
        let next = due
        try await write { transaction in
            try transaction.postpone(task, until: next, isLate: isLate)
            if let rule, isLate, !task.isLate { try notify("OperationMissedThreshold", rule, in: transaction) }
        }
    }

    private func write(_ body: @escaping @Sendable (Transaction) throws -> Void) async throws {
        try await store.database.write { transaction in
            // Another try may have done it.
            if try transaction.replicationTask(task.id) != nil { try body(transaction) }
        }
    }

    private func notify(
        _ name: String, _ rule: ReplicationConfiguration.Rule, _ failure: ReplicationFailure? = nil,
        in transaction: Transaction
    ) throws {
        let event = task.event(name, rule, object, failure: failure)
        try transaction.notify(event, of: source, in: call.acting(as: .service("s3.amazonaws.com")))
    }
}

extension ReplicationTask {
    /// Until when time control promises it to be done.
    var promised: Timestamp { noted + ReplicationConfiguration.threshold }

    /// - Parameter object: `nil` for a version that is gone.
    func event(
        _ name: String, _ rule: ReplicationConfiguration.Rule, _ object: StoredObject?, failure: ReplicationFailure?
    ) -> ObjectEvent {
        let isMarker = object?.isDeleteMarker ?? false
        var event = ObjectEvent(
            name: "Replication:\(name)", key: key, size: isMarker ? nil : object?.size,
            etag: isMarker ? nil : object?.etag, version: version)
        event.detail = .replication(
            ReplicationDetail(
                rule: rule.id, destination: destination,
                operation: isMarker ? "OBJECT_DELETE" : creates ? "OBJECT_PUT" : "OBJECT_METADATA", requested: noted,
                failure: failure))
        return event
    }
}
