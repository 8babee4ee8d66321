import ServiceKit

extension Snapshot {
    /// The next keys of a bucket, each with all its versions, the newest first.
    func versionsByKey(in bucket: Bucket, after key: String, limit: Int) throws -> [[StoredObject]] {
        var groups: [[StoredObject]] = []
        try scanVersions(in: bucket, after: key) { object in
            if let last = groups.last?.first, ObjectKey.equal(last.key, object.key) {
                groups[groups.count - 1].append(object)
                return .next
            }
            if groups.count == limit { return .stop }
            groups.append([object])
            return .next
        }
        return groups.map { $0.reversed() }
    }

    /// Uploads begun before a time, in the order of keys and ids after a place in it.
    func uploads(
        in bucket: Bucket, after place: (key: String, id: String), limit: Int
    ) throws -> [(key: String, id: String, initiated: Timestamp)] {
        try rows(
            """
            SELECT key, id, initiated FROM upload WHERE bucket = ? AND (key, id) > (?, ?) ORDER BY key, id LIMIT ?
            """, bucket.id, place.key, place.id, limit
        ) { (try $0[0], try $0[1], try $0[2]) }
    }
}

extension Transaction {
    /// Does what a bucket's rules ask of a key as it is now.
    ///
    /// - Returns: how many versions went or moved, and the files that are no longer needed.
    func applyLifecycle(to key: String, in bucket: Bucket, call: Call) throws -> (count: Int, unneeded: [String]) {
        guard let configuration = bucket.lifecycle else { return (0, []) }
        let plan = LifecyclePlan(configuration: configuration, versioning: bucket.versioning, now: call.now)
        let steps = plan.steps(for: try versions(of: key, in: bucket))
        var unneeded: [String] = []
        for step in steps {
            unneeded += try apply(step, in: bucket, call)
        }
        return (steps.count, unneeded)
    }

    private func apply(_ step: LifecyclePlan.Step, in bucket: Bucket, _ call: Call) throws -> [String] {
        let object = step.object
        switch step.action {
        case .move(let storageClass):
            try setStorageClass(of: object, to: storageClass)
            try journal(.update, object.key, object.version, in: bucket, call)
            var event = ObjectEvent(
                name: "LifecycleTransition", key: object.key, size: object.size, etag: object.etag,
                version: object.version == VersionID.null ? nil : object.version)
            event.detail = .transition(storageClass)
            try notify(event, of: bucket, in: call)
            try log(UnaskedRecord.transition(to: storageClass), object, of: bucket, call)
            return []
        case .expire, .delete:
            let removal = try remove(
                object.key, version: step.action == .delete ? object.version : nil, in: bucket, call: call,
                cause: "LifecycleExpiration")
            let hides = step.action == .expire && bucket.versioning != .unversioned
            try log(hides ? "S3.CREATE.DELETEMARKER" : "S3.EXPIRE.OBJECT", object, of: bucket, call)
            return removal.unneeded
        }
    }

    /// Gives up an upload that is still there.
    func abandonUpload(_ id: String, key: String, in bucket: Bucket, call: Call) throws -> [String] {
        let unneeded = try parts(of: id).flatMap { $0.segments.map(\.file) }
        try deleteUpload(id)
        try log("S3.DELETE.UPLOAD", key: key, version: nil, size: nil, of: bucket, call)
        return unneeded
    }

    // MARK: Access logs

    private func log(_ operation: String, _ object: StoredObject, of bucket: Bucket, _ call: Call) throws {
        try log(
            operation, key: object.key, version: bucket.versioning == .unversioned ? nil : object.version,
            size: object.isDeleteMarker ? nil : object.size, of: bucket, call)
    }

    private func log(
        _ operation: String, key: String, version: String?, size: Int64?, of bucket: Bucket, _ call: Call
    ) throws {
        guard bucket.configurations[.logging] != nil else { return }
        let record = UnaskedRecord(operation: operation, key: key, version: version, size: size)
        try insert([PendingRecord(bucket: bucket.name, time: call.now, line: record.line(of: bucket, call))])
    }
}
