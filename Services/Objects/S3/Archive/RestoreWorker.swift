import ServiceKit

/// Makes archived objects readable when their time has come, and takes the copies away when theirs is over.
struct RestoreWorker: Sendable {
    private static let batch = 100
    /// Without a restoration in sight.
    private static let pause = Duration.seconds(3600)

    let store: S3Store
    let clock: any WallClock
    private let bell = Doorbell()

    init(store: S3Store, clock: any WallClock) {
        self.store = store
        self.clock = clock
        store.database.observe(Transaction.restorationTopic) { [bell] in bell.ring() }
    }

    func run() async throws {
        while !Task.isCancelled {
            try await apply()
            let next = try await store.read { try $0.timeOfNextRestoration() }
            await bell.wait(until: next ?? clock.now + Self.pause, on: clock)
        }
    }

    /// Does what is due.
    func apply() async throws {
        while true {
            let now = clock.now
            let due = try await store.read { try $0.restorations(dueBy: now, limit: Self.batch) }
            for item in due { try await advance(item, at: now) }
            if due.count < Self.batch { return }
        }
    }

    /// One step: the copy is there, or is gone. The event and the step are one transaction.
    private func advance(_ due: DueRestoration, at now: Timestamp) async throws {
        do {
            try await store.write(in: BucketReference(name: due.bucket)) { transaction, bucket in
                // Asked for again, overwritten or deleted meanwhile: then it is another one's turn.
                guard let object = try transaction.object(due.key, version: due.version, in: bucket),
                    object.id == due.restoration.object,
                    let current = try transaction.restoration(of: object.id), current == due.restoration
                else { return }
                let call = call(in: bucket, at: now)
                if current.isInProgress {
                    let completed = current.completed(at: now)
                    try transaction.put(completed)
                    try transaction.notify(.restored(object, until: completed.due), of: bucket, in: call)
                } else {
                    try transaction.deleteRestoration(of: object)
                    try transaction.notify(.restoration("Delete", of: object), of: bucket, in: call)
                }
            }
        } catch let error as ServiceError where error.code == "NoSuchBucket" {
            // It went away with its objects, and so did the restoration.
        }
    }

    private func call(in bucket: Bucket, at now: Timestamp) -> Call {
        Call(
            caller: .service("s3.amazonaws.com", account: bucket.account), service: "s3", operation: "RestoreObject",
            region: bucket.region, account: bucket.account, now: now, requestID: Identifier.uuid(),
            deadline: now + .seconds(60))
    }
}

extension ObjectEvent {
    /// `ObjectRestore:Post`, `ObjectRestore:Delete`
    static func restoration(_ what: String, of object: StoredObject) -> ObjectEvent {
        ObjectEvent(
            name: "ObjectRestore:\(what)", key: object.key, size: object.size, etag: object.etag,
            version: object.version == VersionID.null ? nil : object.version)
    }

    fileprivate static func restored(_ object: StoredObject, until expiry: Timestamp) -> ObjectEvent {
        var event = restoration("Completed", of: object)
        event.detail = .restored(RestoredCopy(expires: expiry, storageClass: object.storageClass))
        return event
    }
}

/// What `s3:ObjectRestore:Completed` tells besides: `glacierEventData`.
struct RestoredCopy: Sendable, OutputShape {
    let expires: Timestamp
    let storageClass: String

    func write(to json: inout JSONWriter) {
        json.member("restoreEventData") { json in
            json.object { json in
                json.member("lifecycleRestorationExpiryTime", expires.iso8601(milliseconds: true))
                json.member("lifecycleRestoreStorageClass", storageClass)
            }
        }
    }
}
