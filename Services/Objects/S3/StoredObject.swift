import ServiceKit

/// One version of an object, or a delete marker, without its bytes.
struct StoredObject: Sendable {
    /// Rows of one key are ordered by it: the highest is the current version.
    let id: Int64
    let key: String
    /// `null` where versioning was not enabled.
    let version: String
    let isDeleteMarker: Bool
    let modified: Timestamp
    var size: Int64
    /// Without quotes.
    var etag: String
    let storageClass: String
    var checksum: ContentChecksum?
    /// The JSON of `headers`, which most answers pass on unread.
    var encodedHeaders: [UInt8]
    let tags: Tags
    /// Empty where the bytes are in the row.
    let segments: [Segment]
    /// Whether the bytes are in the row.
    let isInline: Bool
    /// `nil` for bytes stored as they are.
    let encryption: Encryption?
    let lock: ObjectLock
    /// `nil` for the bucket owner's alone.
    let list: AccessControlList?
    /// `nil` where no rule asks for its replication.
    let replication: ReplicationStatus?
    /// Of an archived object, where one was asked for.
    var restoration: Restoration?

    var headers: ObjectHeaders { get throws { try ObjectHeaders(encoded: encodedHeaders) } }
    var quotedETag: String { "\"\(etag)\"" }

    /// Number of parts it was uploaded in; `nil` for an object in one piece.
    var partCount: Int? {
        etag.utf8.firstIndex(of: UInt8(ascii: "-")).flatMap { Int(etag[etag.utf8.index(after: $0)...]) }
    }
}

/// An object that is about to be stored.
struct ObjectDraft: Sendable {
    let key: String
    let size: Int64
    let etag: String
    let checksum: ContentChecksum?
    var headers: ObjectHeaders
    var tags: Tags
    let storageClass: String
    let content: ObjectContent
    let encryption: Encryption?
    var lock = ObjectLock()
    var list: AccessControlList?
    /// The multipart upload it was made by.
    var upload: String?
}
