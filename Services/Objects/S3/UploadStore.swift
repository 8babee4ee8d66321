import ServiceKit

private let columns = """
    id, key, initiated, initiator, storage_class, checksum_algorithm, checksum_type, headers, tags, encryption, lock, acl
    """

extension Upload {
    fileprivate init(_ row: Row) throws {
        let algorithm: String = try row[5]
        let type: String = try row[6]
        self.init(
            id: try row[0], key: try row[1], initiated: try row[2], initiator: try row[3], storageClass: try row[4],
            givenAlgorithm: ChecksumAlgorithm(rawValue: algorithm),
            checksumType: ChecksumType(rawValue: type) ?? .fullObject,
            headers: try ObjectHeaders(encoded: try row[7]), tags: try Tags(encoded: try row[8]),
            encryption: try Encryption(encoded: try row[9]), lock: try ObjectLock(encoded: try row[10]),
            list: try AccessControlList(column: try row[11]))
    }
}

extension Part {
    fileprivate init(_ row: Row) throws {
        let crc: Int64? = try row[6]
        self.init(
            number: try row[0], modified: try row[1], size: try row[2], etag: try row[3],
            checksum: ContentChecksum(encoded: try row[4]), crc: crc.map { UInt64(bitPattern: $0) },
            segments: try [Segment](encoded: try row[5]))
    }
}

extension Snapshot {
    /// - Throws: `NoSuchUpload`, also when the upload is for another key.
    func upload(_ id: String, key: String, in bucket: Bucket) throws -> Upload {
        let found = try first(
            "SELECT \(columns) FROM upload WHERE id = ? AND bucket = ? AND key = ?", id, bucket.id, key,
            body: Upload.init)
        guard let found else { throw ServiceError.noSuchUpload(id) }
        return found
    }

    /// Ascending by number.
    func parts(of upload: String, after number: Int = 0, limit: Int = Limits.maximumPartNumber) throws -> [Part] {
        try rows(
            """
            SELECT number, modified, size, etag, checksum, segments, crc FROM part
            WHERE upload = ? AND number > ? ORDER BY number LIMIT ?
            """, upload, number, limit, body: Part.init)
    }

    func part(_ number: Int, of upload: String) throws -> Part? {
        try parts(of: upload, after: number - 1, limit: 1).first.flatMap { $0.number == number ? $0 : nil }
    }

    /// Uploads in progress, by key and then id.
    func uploads(
        in bucket: Bucket, _ query: ListingQuery, afterUpload id: String?
    ) throws -> (uploads: [Upload], end: ListingEnd) {
        var page = ListingPage(query, includingStart: id != nil)
        var uploads: [Upload] = []
        while let start = page.start {
            page.begin()
            try scan(
                "SELECT \(columns) FROM upload WHERE bucket = ? AND key >= ? ORDER BY key, id", bucket.id, start
            ) { row in
                let upload = try Upload(row)
                if let id, ObjectKey.equal(upload.key, query.after), upload.id <= id { return .next }
                return Array(upload.key.utf8).withUnsafeBufferPointer { key in
                    page.visit(key) { uploads.append(upload) }
                }
            }
        }
        return (uploads, page.end)
    }
}

extension Transaction {
    func insert(_ upload: Upload, in bucket: Bucket) throws {
        try execute(
            """
            INSERT INTO upload (id, bucket, key, initiated, initiator, storage_class, checksum_algorithm,
                checksum_type, headers, tags, encryption, lock, acl) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, upload.id, bucket.id, upload.key, upload.initiated, upload.initiator, upload.storageClass,
            upload.givenAlgorithm?.rawValue ?? "", upload.checksumType.rawValue, upload.headers.encoded,
            upload.tags.encoded, upload.encryption?.encoded, upload.lock.encoded, upload.list?.encoded)
    }

    /// Stores a part, and tells which files of an earlier one with its number are no longer needed.
    func put(_ part: Part, of upload: String) throws -> [String] {
        let replaced = try self.part(part.number, of: upload)?.segments.map(\.file) ?? []
        try execute(
            """
            INSERT OR REPLACE INTO part (upload, number, modified, size, etag, checksum, segments, crc)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, upload, part.number, part.modified, part.size, part.etag, part.checksum?.encoded,
            part.segments.encoded, part.crc.map { Int64(bitPattern: $0) })
        return replaced
    }

    /// Forgets an upload with its parts, whose files are the caller's now.
    func deleteUpload(_ id: String) throws { try execute("DELETE FROM upload WHERE id = ?", id) }
}
