import ServiceKit

/// Does what buckets' lifecycle rules ask: expires objects and old versions, and gives up uploads nobody finishes.
///
/// Days are counted as S3 counts them: from the event on, rounded up to the next midnight UTC.
struct LifecycleWorker: Sendable {
    private static let dayMilliseconds: Int64 = 24 * 3600 * 1000
    private static let batch = 500

    let store: S3Store
    let clock: any WallClock

    /// Goes through all rules every hour.
    func run() async throws {
        while true {
            try await apply()
            try await clock.sleep(until: clock.now + .seconds(3600))
        }
    }

    /// Returns how many objects, versions and uploads it removed.
    @discardableResult
    func apply() async throws -> Int {
        var removed = 0
        for name in try await store.read({ try $0.namesOfBuckets(with: .lifecycle) }) {
            let reference = BucketReference(name: name)
            let bucket = try await store.bucket(reference)
            guard let configuration = bucket.configurations[.lifecycle] else { continue }
            for rule in try LifecycleConfiguration(configuration).rules where rule.isEnabled {
                removed += try await expire(rule, reference, bucket)
                removed += try await abortUploads(rule, reference, bucket)
            }
        }
        return removed
    }

    private func expire(
        _ rule: LifecycleConfiguration.Rule, _ reference: BucketReference, _ bucket: Bucket
    ) async throws -> Int {
        var (removed, position): (Int, Int64) = (0, 0)
        while true {
            let start = position
            let due = try await store.read {
                try $0.objectsDue(
                    in: bucket, after: start, current: limit(rule.expirationDays),
                    noncurrent: limit(rule.noncurrentDays), limit: Self.batch)
            }
            for candidate in due where Self.fits(candidate.object, rule) {
                try await remove(candidate, reference)
                removed += 1
            }
            guard due.count == Self.batch, let last = due.last else { return removed }
            position = last.object.id
        }
    }

    /// Checks again inside the transaction: the object may have been overwritten since it was found.
    private func remove(_ candidate: ExpiryCandidate, _ reference: BucketReference) async throws {
        let files = store.files
        let call = call(in: try await store.bucket(reference))
        try await store.write(in: reference) { transaction, bucket in
            let current = try transaction.object(candidate.object.key, in: bucket)
            guard (current?.id == candidate.object.id) == candidate.isCurrent else { return }
            let version = candidate.isCurrent ? nil : candidate.object.version
            // What Object Lock keeps expires when it is let go.
            if version != nil,
                (try? candidate.object.lock.checkDeletion(at: call.now, bypassingGovernance: false)) == nil
            {
                return
            }
            let removal = try transaction.remove(
                candidate.object.key, version: version, in: bucket, call: call, cause: "LifecycleExpiration")
            transaction.afterCommit { files.remove(removal.unneeded) }
        }
    }

    private func abortUploads(
        _ rule: LifecycleConfiguration.Rule, _ reference: BucketReference, _ bucket: Bucket
    ) async throws -> Int {
        guard let limit = limit(rule.abortDays) else { return 0 }
        let files = store.files
        let query = try ListingQuery(prefix: rule.prefix, delimiter: nil, after: nil, limit: nil)
        let uploads = try await store.read { try $0.uploads(in: bucket, query, afterUpload: nil).listing.items }
        let old = uploads.filter { $0.initiated < limit }
        for upload in old {
            try await store.write(in: reference) { transaction, _ in
                let unneeded = try transaction.parts(of: upload.id).flatMap { $0.segments.map(\.file) }
                try transaction.deleteUpload(upload.id)
                transaction.afterCommit { files.remove(unneeded) }
            }
        }
        return old.count
    }

    /// What happened before it is older than so many days.
    private func limit(_ days: Int?) -> Timestamp? {
        guard let days else { return nil }
        let midnight = clock.now.milliseconds / Self.dayMilliseconds * Self.dayMilliseconds
        return Timestamp(milliseconds: midnight - Int64(days) * Self.dayMilliseconds)
    }

    private static func fits(_ object: StoredObject, _ rule: LifecycleConfiguration.Rule) -> Bool {
        ObjectKey.hasPrefix(object.key, rule.prefix)
            && rule.tags.allSatisfy { tag in object.tags.all.contains { $0.key == tag.key && $0.value == tag.value } }
    }

    private func call(in bucket: Bucket) -> Call {
        Call(
            caller: .service("lifecycle.s3.amazonaws.com", account: bucket.account), service: "s3",
            operation: "LifecycleExpiration", region: bucket.region, account: bucket.account, now: clock.now,
            requestID: Identifier.uuid(), deadline: clock.now + .seconds(60))
    }
}

/// A version that is old enough for a rule.
struct ExpiryCandidate: Sendable {
    let object: StoredObject
    let isCurrent: Bool
}
