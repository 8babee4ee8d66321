import ServiceKit

private let columns = """
    id, key, version, is_delete_marker, modified, size, etag, storage_class, checksum, headers, tags, segments,
    bytes IS NOT NULL, encryption, lock, acl, replication
    """

extension StoredObject {
    init(_ row: Row) throws {
        let segments: String? = try row[11]
        self.init(
            id: try row[0], key: try row[1], version: try row[2], isDeleteMarker: try row[3], modified: try row[4],
            size: try row[5], etag: try row[6], storageClass: try row[7],
            checksum: ContentChecksum(encoded: try row[8]), encodedHeaders: try row[9],
            tags: try Tags(encoded: try row[10]), segments: try segments.map([Segment].init(encoded:)) ?? [],
            isInline: try row[12], encryption: try Encryption(encoded: try row[13]),
            lock: try ObjectLock(encoded: try row[14]), list: try AccessControlList(column: try row[15]),
            replication: try row[16])
    }
}

extension Snapshot {
    /// The current version of a key, a delete marker included, or the version named.
    func object(_ key: String, version: String? = nil, in bucket: Bucket) throws -> StoredObject? {
        try first(columns, key, version: version, in: bucket, body: StoredObject.init)
    }

    /// As `object`, with where its bytes are: one look-up for both.
    func objectWithContent(
        _ key: String, version: String?, in bucket: Bucket
    ) throws -> (object: StoredObject, content: ObjectContent)? {
        try first("\(columns), bytes", key, version: version, in: bucket) { row in
            let object = try StoredObject(row)
            return (object, object.isInline ? .inline(try row[17]) : .segments(object.segments))
        }
    }

    private func first<T>(
        _ columns: String, _ key: String, version: String?, in bucket: Bucket, body: (Row) throws -> T
    ) throws -> T? {
        guard let version else {
            return try first(
                "SELECT \(columns) FROM object WHERE bucket = ? AND key = ? ORDER BY id DESC LIMIT 1", bucket.id, key,
                body: body)
        }
        return try first(
            "SELECT \(columns) FROM object WHERE bucket = ? AND key = ? AND version = ? ORDER BY id DESC LIMIT 1",
            bucket.id, key, version, body: body)
    }

    /// The object that a completed upload became, as long as it is the key's current one.
    func object(from upload: String, key: String, in bucket: Bucket) throws -> StoredObject? {
        guard let object = try object(key, in: bucket) else { return nil }
        return try exists("SELECT 1 FROM object WHERE id = ? AND upload = ?", object.id, upload) ? object : nil
    }

    /// Objects with files, for the scrubber: those after `id`.
    func segments(after id: Int64, limit: Int) throws -> [(id: Int64, segments: [Segment])] {
        try rows(
            "SELECT id, segments FROM object WHERE id > ? AND segments IS NOT NULL ORDER BY id LIMIT ?", id, limit
        ) { row in (try row[0], try [Segment](encoded: try row[1])) }
    }

    /// Whether an object still has the file that it had.
    func object(_ id: Int64, has file: String) throws -> Bool {
        let segments: String? = try first("SELECT segments FROM object WHERE id = ?", id) { try $0[0] }
        return try segments.map { try [Segment](encoded: $0).contains { $0.file == file } } ?? false
    }

    /// All versions of a bucket, key by key, the oldest of each first.
    func versions(in bucket: Bucket, after position: VersionPosition, limit: Int) throws -> [StoredObject] {
        try rows(
            "SELECT \(columns) FROM object WHERE bucket = ? AND (key, id) > (?, ?) ORDER BY key, id LIMIT ?", bucket.id,
            position.key, position.id, limit, body: StoredObject.init)
    }

    /// As `versions`, from the keys after one on, without end.
    func scanVersions(in bucket: Bucket, after key: String, _ body: (StoredObject) throws -> ScanStep) throws {
        try scan(
            "SELECT \(columns) FROM object WHERE bucket = ? AND key > ? ORDER BY key, id", bucket.id, key
        ) { try body(StoredObject($0)) }
    }

    /// All versions of a key, the newest first.
    func versions(of key: String, in bucket: Bucket) throws -> [StoredObject] {
        try rows(
            "SELECT \(columns) FROM object WHERE bucket = ? AND key = ? ORDER BY id DESC", bucket.id, key,
            body: StoredObject.init)
    }

    /// Files of objects behind one, and where the next step begins; `nil` at the end.
    func objectFiles(after id: Int64, limit: Int) throws -> (files: [FileName], next: Int64?) {
        // Also those that have none: a step is so many rows, however few of them have files.
        let found: [(id: Int64, segments: String?)] = try rows(
            "SELECT id, segments FROM object WHERE id > ? ORDER BY id LIMIT ?", id, limit
        ) { (try $0[0], try $0[1]) }
        return (found.compactMap(\.segments).flatMap(FileName.all), found.count < limit ? nil : found.last?.id)
    }

    /// As `objectFiles`, of the parts of uploads.
    func partFiles(after position: PartPosition, limit: Int) throws -> (files: [FileName], next: PartPosition?) {
        let found = try rows(
            "SELECT upload, number, segments FROM part WHERE (upload, number) > (?, ?) ORDER BY upload, number LIMIT ?",
            position.upload, position.number, limit
        ) { row in
            (
                position: PartPosition(upload: try row[0], number: try row[1]),
                files: FileName.all(inSegments: try row[2])
            )
        }
        return (found.flatMap(\.files), found.count < limit ? nil : found.last?.position)
    }

    /// Every file that an object or part refers to.
    func allFiles() throws -> Set<String> {
        var files: Set<String> = []
        for table in ["object", "part"] {
            try scan("SELECT segments FROM \(table) WHERE segments IS NOT NULL") { row in
                files.formUnion(try [Segment](encoded: try row[0]).map(\.file))
                return .next
            }
        }
        return files
    }
}

/// How far a walk through all parts of uploads has come.
struct PartPosition: Sendable {
    static let start = PartPosition(upload: "", number: 0)

    let upload: String
    let number: Int64
}

/// How far a walk through all versions of a bucket has come.
struct VersionPosition: Sendable {
    static let start = VersionPosition(key: "", id: 0)

    let key: String
    let id: Int64

    init(key: String, id: Int64) { (self.key, self.id) = (key, id) }
    init(_ object: StoredObject) { self.init(key: object.key, id: object.id) }
}

extension Transaction {
    /// Stores an object as the key's current version, and tells which files are no longer needed.
    func put(
        _ draft: ObjectDraft, in bucket: Bucket, for call: Call
    ) throws -> (version: String, unneeded: [String]) {
        let version = bucket.versioning == .enabled ? VersionID.new() : VersionID.null
        // Without versions the new row takes the old one's place; with them it comes on top.
        let replaced = version == VersionID.null ? try object(draft.key, version: version, in: bucket) : nil
        if let replaced {
            if bucket.versioning == .suspended { try delete(replaced) } else { try deleteRestoration(of: replaced) }
        }
        let (segments, bytes) = draft.content.columns
        try execute(
            """
            INSERT OR REPLACE INTO object (id, bucket, key, version, is_delete_marker, modified, size, etag,
                storage_class, checksum, headers, tags, upload, segments, bytes, encryption, lock, acl)
            VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, bucket.versioning == .unversioned ? replaced?.id : nil, bucket.id, draft.key, version, call.now,
            draft.size, draft.etag, draft.storageClass, draft.checksum?.encoded, draft.headers.encoded,
            draft.tags.encoded, draft.upload, segments, bytes, draft.encryption?.encoded, draft.lock.encoded,
            draft.list?.encoded)
        try noteReplication(of: draft, version, in: bucket, at: call.now)
        try journal(.create, draft.key, version, in: bucket, call)
        return (version, replaced?.segments.map(\.file) ?? [])
    }

    /// Puts a delete marker on top, and tells which files are no longer needed.
    func putDeleteMarker(_ key: String, in bucket: Bucket, at now: Timestamp) throws -> (
        version: String, unneeded: [String]
    ) {
        let version = bucket.versioning == .enabled ? VersionID.new() : VersionID.null
        let replaced = version == VersionID.null ? try object(key, version: version, in: bucket) : nil
        if let replaced { try delete(replaced) }
        try execute(
            """
            INSERT INTO object (bucket, key, version, is_delete_marker, modified, size, etag, storage_class, headers)
            VALUES (?, ?, ?, 1, ?, 0, '', '', '{}')
            """, bucket.id, key, version, now)
        return (version, replaced?.segments.map(\.file) ?? [])
    }

    func delete(_ object: StoredObject) throws {
        try deleteRestoration(of: object)
        try execute("DELETE FROM object WHERE id = ?", object.id)
    }

    func setLock(of object: StoredObject, to lock: ObjectLock) throws {
        try execute("UPDATE object SET lock = ? WHERE id = ?", lock.encoded, object.id)
    }

    func setList(of object: StoredObject, to list: AccessControlList) throws {
        try execute("UPDATE object SET acl = ? WHERE id = ?", list.encoded, object.id)
    }

    func setEncryption(of object: StoredObject, to encryption: Encryption) throws {
        try execute("UPDATE object SET encryption = ? WHERE id = ?", encryption.encoded, object.id)
    }

    func setStorageClass(of object: StoredObject, to storageClass: String) throws {
        try execute("UPDATE object SET storage_class = ? WHERE id = ?", storageClass, object.id)
    }

    func setTags(of object: StoredObject, to tags: Tags) throws {
        try execute("UPDATE object SET tags = ? WHERE id = ?", tags.encoded, object.id)
    }
}

extension ObjectContent {
    fileprivate var columns: (segments: String?, bytes: [UInt8]?) {
        switch self {
        case .inline(let bytes): (nil, bytes)
        case .segments(let segments): (segments.encoded, nil)
        }
    }
}

enum VersionID {
    static let null = "null"
    static func new() -> String { SecureRandom.string(32) }
}
