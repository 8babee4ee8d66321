import ServiceKit

/// Does what buckets' lifecycle rules ask: moves and expires objects, and gives up uploads nobody finishes.
///
/// What is due becomes so at midnight UTC: a bucket is gone through once a day, and when its rules change. Each page of
/// keys is planned from a snapshot and planned again in the transaction that does it, on what is there then.
struct LifecycleWorker: Sendable {
    private static let keys = 100
    private static let dayMilliseconds: Int64 = 24 * 3600 * 1000

    /// A bucket that was gone through.
    private struct Pass: Equatable {
        let bucket: Int64
        let revision: Int64
        let day: Int64
    }

    let store: S3Store
    let clock: any WallClock
    /// How often buckets are looked at; with every look gone through where it is given.
    let interval: Duration?

    func run() async throws {
        var done: [String: Pass] = [:]
        while true {
            for name in try await store.read({ try $0.namesOfBuckets(with: .lifecycle) }) {
                let reference = BucketReference(name: name)
                guard let bucket = try? await store.bucket(reference) else { continue }
                let pass = Pass(
                    bucket: bucket.id, revision: bucket.revision, day: clock.now.milliseconds / Self.dayMilliseconds)
                if interval == nil, done[name] == pass { continue }
                try await apply(to: reference)
                done[name] = pass
            }
            try await clock.sleep(until: clock.now + (interval ?? .seconds(3600)))
        }
    }

    /// Returns how many objects, versions and uploads went or moved.
    @discardableResult
    func apply(to reference: BucketReference) async throws -> Int {
        do {
            return try await applyToVersions(reference) + abortUploads(reference)
        } catch let error as ServiceError where error.code == "NoSuchBucket" {
            return 0
        }
    }

    private func applyToVersions(_ reference: BucketReference) async throws -> Int {
        var (last, count) = ("", 0)
        while true {
            let bucket = try await store.bucket(reference)
            guard let configuration = bucket.lifecycle else { return count }
            let call = call(in: bucket)
            let plan = LifecyclePlan(configuration: configuration, versioning: bucket.versioning, now: call.now)
            let start = last
            let page = try await store.read { try $0.versionsByKey(in: bucket, after: start, limit: Self.keys) }
            let due = page.filter { !plan.steps(for: $0).isEmpty }.compactMap(\.first?.key)
            if !due.isEmpty { count += try await apply(to: due, reference, call) }
            guard page.count == Self.keys, let key = page.last?.first?.key else { return count }
            last = key
        }
    }

    private func apply(to keys: [String], _ reference: BucketReference, _ call: Call) async throws -> Int {
        let files = store.files
        return try await store.write(in: reference) { transaction, bucket in
            var (count, unneeded): (Int, [String]) = (0, [])
            for key in keys {
                let done = try transaction.applyLifecycle(to: key, in: bucket, call: call)
                count += done.count
                unneeded += done.unneeded
            }
            let names = unneeded
            transaction.afterCommit { files.remove(names) }
            return count
        }
    }

    private func abortUploads(_ reference: BucketReference) async throws -> Int {
        var (place, count) = ((key: "", id: ""), 0)
        while true {
            let bucket = try await store.bucket(reference)
            guard let rules = bucket.lifecycle?.rules.filter({ $0.isEnabled && $0.abortDays != nil }), !rules.isEmpty
            else { return count }
            let start = place
            let call = call(in: bucket)
            let page = try await store.read { try $0.uploads(in: bucket, after: start, limit: Self.keys) }
            for upload in page where rules.contains(where: { $0.aborts(upload.key, upload.initiated, at: call.now) }) {
                try await abort(upload.id, upload.key, reference, call)
                count += 1
            }
            guard page.count == Self.keys, let upload = page.last else { return count }
            place = (upload.key, upload.id)
        }
    }

    private func abort(_ id: String, _ key: String, _ reference: BucketReference, _ call: Call) async throws {
        let files = store.files
        try await store.write(in: reference) { transaction, bucket in
            let unneeded = try transaction.abandonUpload(id, key: key, in: bucket, call: call)
            transaction.afterCommit { files.remove(unneeded) }
        }
    }

    private func call(in bucket: Bucket) -> Call {
        Call(
            caller: .service("lifecycle.s3.amazonaws.com", account: bucket.account), service: "s3",
            operation: "LifecycleExpiration", region: bucket.region, account: bucket.account, now: clock.now,
            requestID: Identifier.uuid(), deadline: clock.now + .seconds(60))
    }
}

extension LifecycleConfiguration.Rule {
    /// When an upload is given up; `nil` for one that the rule is not for.
    func abortion(of key: String, _ initiated: Timestamp) -> Timestamp? {
        guard let abortDays, ObjectKey.hasPrefix(key, filter.prefix) else { return nil }
        return LifecycleConfiguration.Time.days(abortDays).due(after: initiated)
    }

    fileprivate func aborts(_ key: String, _ initiated: Timestamp, at now: Timestamp) -> Bool {
        abortion(of: key, initiated).map { now >= $0 } ?? false
    }
}
