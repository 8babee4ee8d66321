import ServiceKit

/// Makes files of access records and stores them in the buckets they are meant for.
struct AccessLogDelivery: Sendable {
    /// Records in a file.
    private static let batch = 10_000

    let store: S3Store
    let logger: AccessLogger
    let clock: any WallClock
    let log: Log
    /// How often files are made.
    let interval: Duration

    func run() async throws {
        while true {
            try await deliver()
            try await clock.sleep(until: clock.now + interval)
        }
    }

    /// Returns the keys of the files it stored.
    @discardableResult
    func deliver() async throws -> [String] {
        try await logger.record(in: store, log)
        var delivered: [String] = []
        for name in try await store.read({ try $0.bucketsWithAccessRecords() }) {
            while let records = try await store.read({ try $0.accessRecords(of: name, limit: Self.batch) }) {
                do {
                    delivered.append(try await deliver(records.lines, from: records.first, through: records.last, name))
                } catch let error as ServiceError where error.status < 500 {
                    log.warning(
                        "Access records cannot be delivered",
                        ["bucket": name, "records": "\(records.lines.count)", "error": error.message])
                    try await store.database.write { try $0.deleteAccessRecords(of: name, through: records.last) }
                }
            }
        }
        return delivered
    }

    /// The file is there and the records are gone in one transaction: each is delivered once.
    private func deliver(
        _ lines: [String], from first: Timestamp, through last: Int64, _ name: String
    ) async throws -> String {
        let source = try await store.bucket(BucketReference(name: name))
        guard let configuration = try LoggingConfiguration(source.configurations[.logging]) else {
            throw ServiceError.invalidLogTarget("Logging was turned off")
        }
        let reference = BucketReference(name: configuration.target)
        let target = try await store.bucket(reference)
        let key = configuration.key(forRecordsOf: source, at: clock.now)
        guard target.acceptsLogs(of: source, as: key, at: clock.now) else { throw ServiceError.accessDenied }
        let call = call(from: source, body: lines.joined())
        let draft = try await draft(key, configuration, in: target, call)
        let files = store.files
        try await store.discarding(draft.content.files) {
            try await store.write(in: reference) { transaction, bucket in
                let (version, unneeded) = try transaction.put(draft, in: bucket, for: call)
                try transaction.deleteAccessRecords(of: name, through: last)
                try transaction.notify(.created("Put", draft, version: version), of: bucket, in: call)
                transaction.afterCommit { files.remove(unneeded) }
            }
        }
        return key
    }

    private func draft(
        _ key: String, _ configuration: LoggingConfiguration, in target: Bucket, _ call: Call
    ) async throws -> ObjectDraft {
        let (dataKey, encryption) = try store.keys.makeHere()
        let received = try await store.receive(
            call, declared: nil, claim: .none(computing: .crc64nvme), under: dataKey)
        var headers = try ObjectHeaders(encoded: Array("{}".utf8))
        headers.contentType = "text/plain"
        let full = AccessControlList.Grant(.fullControl, to: .user(target.owner.id))
        return ObjectDraft(
            key: key, size: received.size, etag: encryption.entityTag(received.md5, dataKey),
            checksum: received.checksum, headers: headers, tags: .empty, storageClass: StorageClass.standard,
            content: received.content, encryption: encryption,
            list: target.hasLists && !configuration.grants.isEmpty
                ? AccessControlList(owner: target.owner, grants: [full] + configuration.grants) : nil)
    }

    private func call(from source: Bucket, body: String) -> Call {
        Call(
            caller: Bucket.logDelivery(from: source), service: "s3", operation: "PutObject", region: source.region,
            account: source.account, now: clock.now, requestID: Identifier.uuid(), deadline: clock.now + .seconds(60),
            body: ByteStream(Array(body.utf8)))
    }
}
