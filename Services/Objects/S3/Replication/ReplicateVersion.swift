import ServiceKit

/// Brings a version to the bucket that is to have it: one step of `ReplicationWorker`.
///
/// An operation, because only a call can ask what a role may do. A replica is there whole, its task gone and its source's
/// status told in one transaction; what a crash leaves before it are files that nobody refers to.
struct ReplicateVersion: AWSOperation {
    struct Input: InputShape {
        let task: Int64

        init(_ member: Members) throws { task = try member("Task") }
    }

    let store: S3Store
    let roles: AssumedRoles

    /// The role's are asked for when it is known.
    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        guard let task = try await store.read({ try $0.replicationTask(input.task) }) else { return NoOutput() }
        let source = try await store.bucket(BucketReference(name: task.bucket))
        let rule = source.replication?.rule(task.rule, to: task.destination, for: task.key)
        let found = try await store.read { try $0.object(task.key, version: task.version, in: source) }
        let outcome = ReplicationOutcome(
            store: store, task: task, rule: rule, object: found, source: source, call: call)
        guard let object = found else {
            try await outcome.abandon()
            return NoOutput()
        }
        do {
            try await deliver(try await replication(task, rule, object, source, call))
        } catch let failure as ReplicationFailure {
            try await outcome.refuse(failure)
        } catch let error as ServiceError where error.status >= 500 {
            try await outcome.postpone()
        } catch FileError.missing {
            // Deleted since its row was read: the next try sees it.
            try await outcome.postpone()
        }
        return NoOutput()
    }

    private func replication(
        _ task: ReplicationTask, _ rule: ReplicationConfiguration.Rule?, _ object: StoredObject, _ source: Bucket,
        _ call: Call
    ) async throws -> Replication {
        guard let rule, let configuration = source.replication else { throw ReplicationFailure.configurationMissing }
        let destination: Bucket
        do {
            destination = try await store.bucket(BucketReference(name: task.destination))
        } catch let error as ServiceError where error.code == "NoSuchBucket" {
            throw ReplicationFailure.destinationNotFound
        }
        let role: Caller
        do {
            role = try await roles.caller(in: configuration.role, region: source.region)
        } catch is RoleNotAssumed {
            throw ReplicationFailure.roleNotAssumed
        }
        return Replication(
            task: task, rule: rule, object: object, source: source, destination: destination,
            call: call.acting(as: role))
    }

    private func deliver(_ replication: Replication) async throws {
        try replication.checkDestination()
        let permissions = ReplicationPermissions(store: store, replication: replication)
        try await permissions.check()
        let keepsTags = try await permissions.tagsMayGo()
        let (object, destination) = (replication.object, replication.destination)
        let isThere = try await store.read {
            try $0.object(object.key, version: object.version, in: destination) != nil
        }
        guard !isThere else {
            return try await store(replication, keepsTags) { _ in throw ReplicationFailure.versionMissing }
        }
        guard replication.task.creates else { throw ReplicationFailure.versionMissing }
        let encryption = try await store.keys.seal(object.encryption, for: replication)
        let segments = try await store.files.link(object.segments)
        let (files, names) = (store.files, segments.map(\.file))
        try await store.discarding(names) {
            try await store(replication, keepsTags, unneeded: { files.remove(names) }) { current in
                // Sealed anew meanwhile: its key as it was does not open the bytes for long.
                guard current.object.encryption == object.encryption else { throw ServiceError.conflictingOperation }
                return try current.draft(
                    over: nil, keepingTags: keepsTags, segments: segments, encryption: encryption)
            }
        }
    }

    /// Stores or changes the replica as its source is now.
    private func store(
        _ replication: Replication, _ keepsTags: Bool, unneeded: @escaping @Sendable () -> Void = {},
        new: @escaping @Sendable (Replication) throws -> ReplicaDraft
    ) async throws {
        let task = replication.task
        try await store.write(in: BucketReference(name: task.destination)) { transaction, bucket in
            // Whoever brought it before this one, or deleted it here, has forgotten the task.
            guard try transaction.replicationTask(task.id) != nil,
                let object = try transaction.object(task.key, version: task.version, in: replication.source)
            else { return transaction.afterCommit(unneeded) }
            let current = replication.with(object, to: bucket)
            try current.checkDestination()
            if let replica = try transaction.object(task.key, version: task.version, in: bucket) {
                try transaction.updateReplica(
                    replica, try current.draft(over: replica, keepingTags: keepsTags))
                try transaction.journal(.update, task.key, task.version, in: bucket, current.call)
                transaction.afterCommit(unneeded)
            } else {
                try transaction.insertReplica(of: object, try new(current), in: bucket)
                try transaction.journal(
                    object.isDeleteMarker ? .delete : .create, task.key, task.version, in: bucket, current.call)
                try transaction.notify(current.arrival, of: bucket, in: current.call)
            }
            try transaction.finish(task, of: object, in: current.source)
            for event in current.lateness { try transaction.notify(event, of: current.source, in: current.call) }
        }
    }
}

extension Replication {
    fileprivate func with(_ object: StoredObject, to destination: Bucket) -> Replication {
        Replication(task: task, rule: rule, object: object, source: source, destination: destination, call: call)
    }

    /// What the other bucket tells of.
    fileprivate var arrival: ObjectEvent {
        let isMarker = object.isDeleteMarker
        return ObjectEvent(
            name: isMarker ? "ObjectRemoved:DeleteMarkerCreated" : "ObjectCreated:Put", key: object.key,
            size: isMarker ? nil : object.size, etag: isMarker ? nil : object.etag, version: object.version)
    }

    /// What time control tells of a version that took too long.
    fileprivate var lateness: [ObjectEvent] {
        guard task.isLate || rule.destination.hasTimeControl && call.now >= task.promised else { return [] }
        return (task.isLate ? [] : [event("OperationMissedThreshold")]) + [event("OperationReplicatedAfterThreshold")]
    }

    fileprivate func event(_ name: String) -> ObjectEvent { task.event(name, rule, object, failure: nil) }
}
