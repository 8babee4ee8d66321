import Compression
import ServiceKit

/// The list of a job's objects that S3 makes itself, out of what a bucket has.
///
/// A job that replicates gets every version, any other one the current ones.
struct BatchManifestGenerator: Sendable {
    /// Versions a step looks at.
    private static let batch = 1000

    let source: String
    private let owner: String?
    private let filter: JSONValue?
    private let hasAllVersions: Bool
    private let output: JSONValue?

    /// - Throws: `InvalidRequest`
    init(_ generator: JSONValue, for operation: BatchOperation) throws {
        guard let own = generator["S3JobManifestGenerator"], let source = own["SourceBucket"]?.bucketName else {
            throw ServiceError.invalidRequest("SourceBucket must be the ARN of a bucket.")
        }
        self.source = source
        owner = own["ExpectedBucketOwner"]?.string
        filter = own["Filter"]
        hasAllVersions = operation.kind == .replicate
        output = own["EnableManifestOutput"]?.bool ?? false ? own["ManifestOutputLocation"] : nil
        if own["EnableManifestOutput"]?.bool ?? false, output?["Bucket"]?.bucketName == nil {
            throw ServiceError.invalidRequest("ManifestOutputLocation is missing.")
        }
    }

    var reference: BucketReference { BucketReference(name: source, expectedOwner: owner) }

    func generate(_ store: S3Store, _ take: ([BatchTarget]) async throws -> Void) async throws {
        let bucket = try await store.bucket(reference)
        var position = VersionPosition.start
        while true {
            let start = position
            let found = try await store.read { snapshot in
                try snapshot.versions(in: bucket, after: start, limit: Self.batch).map {
                    object -> (StoredObject, Bool) in
                    let isCurrent = try hasAllVersions || snapshot.object(object.key, in: bucket)?.id == object.id
                    return (object, try isCurrent && isWanted(object, in: bucket))
                }
            }
            try await take(
                found.filter(\.1).map { object, _ in
                    BatchTarget(
                        bucket: bucket.name, key: object.key,
                        version: bucket.versioning == .unversioned ? nil : object.version)
                })
            guard found.count == Self.batch, let last = found.last?.0 else { return }
            position = VersionPosition(last)
        }
    }

    // MARK: The filter

    private func isWanted(_ object: StoredObject, in bucket: Bucket) throws -> Bool {
        guard !object.isDeleteMarker else { return false }
        guard let filter else { return true }
        let member = try Members(filter)
        if let after: Timestamp = try member("CreatedAfter"), object.modified <= after { return false }
        if let before: Timestamp = try member("CreatedBefore"), object.modified >= before { return false }
        if let size = filter["ObjectSizeGreaterThanBytes"]?.int64, object.size <= size { return false }
        if let size = filter["ObjectSizeLessThanBytes"]?.int64, object.size >= size { return false }
        if filter["EligibleForReplication"]?.bool ?? false, !bucket.mayReplicate(object) { return false }
        return isListed(object.replication?.name ?? "NONE", in: filter["ObjectReplicationStatuses"])
            && isListed(object.storageClass, in: filter["MatchAnyStorageClass"])
            && isNamed(object.key, by: filter["KeyNameConstraint"])
            && isEnciphered(object.encryption, as: filter["MatchAnyObjectEncryption"])
    }

    private func isListed(_ text: String, in list: JSONValue?) -> Bool {
        guard let list = list?.elements.compactMap(\.string), !list.isEmpty else { return true }
        return list.contains(text)
    }

    private func isNamed(_ key: String, by constraint: JSONValue?) -> Bool {
        func any(_ name: String, _ fits: (String) -> Bool) -> Bool {
            guard let list = constraint?[name]?.elements.compactMap(\.string), !list.isEmpty else { return true }
            return list.contains(where: fits)
        }
        return any("MatchAnyPrefix", key.hasPrefix) && any("MatchAnySuffix", key.hasSuffix)
            && any("MatchAnySubstring") { key.contains($0) }
    }

    private func isEnciphered(_ encryption: Encryption?, as list: JSONValue?) -> Bool {
        guard let kinds = list?.elements.compactMap({ $0.members.first { _ in true }?.name }), !kinds.isEmpty else {
            return true
        }
        let kind =
            switch encryption?.method {
            case nil: "NOT-SSE"
            case .store: "SSE-S3"
            case .customer: "SSE-C"
            case .managed(let key): key.secondLayer == nil ? "SSE-KMS" : "DSSE-KMS"
            }
        return kinds.contains { $0 == kind || $0 == kind.filter { $0 != "-" } }
    }

    // MARK: The copy that is kept

    /// Stores the list where the job asks for it; returns the `S3GeneratedManifestDescriptor`.
    func keep(_ store: S3Store, _ session: BatchSession) async throws -> [UInt8]? {
        guard let output, let bucket = output["Bucket"]?.bucketName else { return nil }
        let prefix = output["ManifestPrefix"]?.string.map { $0.hasSuffix("/") ? $0 : "\($0)/" } ?? ""
        let folder = "\(prefix)job-\(session.job.id)"
        let bytes = try await compressedList(store, session.job)
        let file = "\(folder)/data/\(Hex.string(MD5.hash(bytes))).csv.gz"
        let digest = try await session.put(bytes, as: file, in: bucket)
        var index = JSONWriter()
        index.object { json in
            json.member("sourceBucket", source)
            json.member("destinationBucket", ARN("s3", bucket))
            json.member("version", "2021-11-30")
            json.member("fileFormat", "CSV")
            json.member("fileSchema", "Bucket, Key, VersionId")
            json.member("files") { json in
                json.array { json in
                    json.object { json in
                        json.member("key", file)
                        json.member("size", bytes.count)
                        json.member("MD5checksum", digest)
                    }
                }
            }
        }
        let key = "\(folder)/manifest.json"
        let etag = try await session.put(index.bytes, as: key, in: bucket)
        var descriptor = JSONWriter()
        descriptor.object { json in
            json.member("Format", "S3InventoryReport_CSV_20211130")
            json.member("Location") { json in
                json.object { json in
                    json.member("ObjectArn", ARN("s3", "\(bucket)/\(key)"))
                    json.member("ETag", etag)
                }
            }
        }
        return descriptor.bytes
    }

    private func compressedList(_ store: S3Store, _ job: BatchJob) async throws -> [UInt8] {
        var (text, number): ([UInt8], Int64) = ([], -1)
        while true {
            let last = number
            let page = try await store.read { try $0.batchTargets(of: job, after: last, limit: Self.batch) }
            for task in page { text += CSVRows.line(task.target.reported).utf8 }
            guard let next = page.last?.number else { break }
            number = next
        }
        return try Compressor.compress(text)
    }
}

extension BatchTarget {
    /// As lists and reports name it.
    var reported: [String] { [bucket, PercentEncoding.string(key, keepingSlash: true), version ?? ""] }
}
