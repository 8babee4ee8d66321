import ServiceKit

/// Everything durable of S3: rows in SQLite, large bytes in files.
final class S3Store: Sendable {
    static let bucketTopic = "buckets"

    let database: Database
    let files: ByteFiles
    let keys: ObjectKeys
    private let buckets = BucketCache<Bucket>()
    private let accessPoints = BucketCache<AccessPoint>()
    private let tables = BucketCache<TableAccess>()

    init(database: Database, files: ByteFiles, keys: ObjectKeys) {
        self.database = database
        self.files = files
        self.keys = keys
        database.observe(Self.bucketTopic) { [buckets, accessPoints, tables] in
            buckets.clear()
            accessPoints.clear()
            tables.clear()
        }
    }

    /// - Throws: `NoSuchBucket`, or `AccessDenied` if it belongs to another account than the caller expects.
    func bucket(_ reference: BucketReference) async throws -> Bucket {
        let name = try await accessPoint(reference)?.bucket ?? reference.name
        guard let bucket = try await existingBucket(named: name) else { throw ServiceError.noSuchBucket(name) }
        if let owner = reference.expectedOwner, owner != bucket.account { throw ServiceError.accessDenied }
        return bucket
    }

    func existingBucket(named name: String) async throws -> Bucket? {
        try await buckets.value(named: name) { try await database.read { try $0.bucket(named: name) } }
    }

    func accessPoint(_ reference: AccessPointReference) async throws -> AccessPoint? {
        try await accessPoints.value(named: "\(reference)") {
            try await database.read { try $0.accessPoint(reference) }
        }
    }

    /// - Parameter name: what it is kept by, another one for each way to ask.
    func tableAccess(_ name: String, _ find: (Snapshot) throws -> TableAccess?) async throws -> TableAccess? {
        try await tables.value(named: name) { try await database.read(find) }
    }

    /// Writes with a bucket that is known to be as it is now: configuration and all.
    ///
    /// What a request knows of its bucket is a cached copy; the transaction compares revisions and starts over.
    func write<T: Sendable>(
        in reference: BucketReference, _ body: @escaping @Sendable (Transaction, Bucket) throws -> T
    ) async throws -> T {
        var known = try await bucket(reference)
        if known.isWarehouse { throw ServiceError.methodNotAllowed }
        while true {
            let bucket = known
            do {
                return try await database.write { transaction in
                    guard let row = try transaction.bucketRow(named: bucket.name) else {
                        throw ServiceError.noSuchBucket(bucket.name)
                    }
                    guard row == (bucket.id, bucket.revision) else { throw BucketChanged() }
                    return try body(transaction, bucket)
                }
            } catch is BucketChanged {
                known = try await fresh(reference)
            }
        }
    }

    func read<T>(_ body: (Snapshot) throws -> T) async throws -> T { try await database.read(body) }

    private struct BucketChanged: Error {}

    private func fresh(_ reference: BucketReference) async throws -> Bucket {
        buckets.clear()
        accessPoints.clear()
        return try await bucket(reference)
    }
}
