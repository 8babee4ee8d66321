import ServiceKit

/// What GetObject and HeadObject ask, and the headers they are answered with. An object, as every step holds it.
final class ObjectQuery: InputShape {
    let object: ObjectReference
    let preconditions: Preconditions
    let range: String?
    let partNumber: Int?
    let wantsChecksum: Bool
    let overrides: ResponseOverrides
    let customerKey: CustomerKeyHeaders

    init(_ member: Members) throws {
        object = try ObjectReference(member)
        preconditions = try Preconditions(member)
        range = try member("Range")
        partNumber = try member("PartNumber")
        wantsChecksum = (try member("ChecksumMode") as String?)?.uppercased() == "ENABLED"
        overrides = try ResponseOverrides(member)
        customerKey = try CustomerKeyHeaders(member)
        if range != nil, partNumber != nil {
            throw ServiceError.invalidRequest("Cannot specify both Range header and partNumber query parameter")
        }
    }

    /// The bytes asked for, once the conditions hold.
    ///
    /// - Throws: `PreconditionFailed`, `NotModified`, `InvalidRange`, `InvalidPartNumber`.
    func select(_ object: StoredObject) throws -> Selection {
        try preconditions.check(object)
        if let partNumber { return try part(partNumber, of: object) }
        let whole = Selection(range: 0..<object.size, isPartial: false, partCount: nil)
        guard let range, let parsed = ByteRange(range) else { return whole }
        guard let bytes = parsed.resolved(in: object.size) else {
            throw ServiceError.invalidRange(range, size: object.size)
        }
        return Selection(range: bytes, isPartial: true, partCount: nil)
    }

    private func part(_ number: Int, of object: StoredObject) throws -> Selection {
        guard let count = object.partCount else {
            guard number == 1 else { throw ServiceError.invalidPartNumber }
            return Selection(range: 0..<object.size, isPartial: object.size > 0, partCount: nil)
        }
        guard (1...count).contains(number), object.segments.count == count else {
            throw ServiceError.invalidPartNumber
        }
        let start = object.segments.prefix(number - 1).reduce(0) { $0 + $1.size }
        return Selection(range: start..<start + object.segments[number - 1].size, isPartial: true, partCount: count)
    }

    struct Selection: Sendable {
        let range: Range<Int64>
        /// Answered with 206 and a `Content-Range`.
        let isPartial: Bool
        let partCount: Int?

        static let nothing = Selection(range: 0..<0, isPartial: false, partCount: nil)
    }
}

/// Headers that the caller wants in place of the stored ones: `response-content-type` and its kin.
struct ResponseOverrides: Sendable {
    let cacheControl: String?
    let contentDisposition: String?
    let contentEncoding: String?
    let contentLanguage: String?
    let contentType: String?
    let expires: JSONValue?

    init(_ member: Members) throws {
        cacheControl = try member("ResponseCacheControl")
        contentDisposition = try member("ResponseContentDisposition")
        contentEncoding = try member("ResponseContentEncoding")
        contentLanguage = try member("ResponseContentLanguage")
        contentType = try member("ResponseContentType")
        expires = try member("ResponseExpires")
    }

    var isEmpty: Bool {
        cacheControl == nil && contentDisposition == nil && contentEncoding == nil && contentLanguage == nil
            && contentType == nil && expires == nil
    }

    /// The object's headers with these in their place, as JSON.
    func applied(to object: StoredObject) throws -> [UInt8] {
        if isEmpty { return object.encodedHeaders }
        var headers = try object.headers
        headers.cacheControl = cacheControl ?? headers.cacheControl
        headers.contentDisposition = contentDisposition ?? headers.contentDisposition
        headers.contentEncoding = contentEncoding ?? headers.contentEncoding
        headers.contentLanguage = contentLanguage ?? headers.contentLanguage
        headers.contentType = contentType ?? headers.contentType
        headers.expires = expires ?? headers.expires
        return headers.encoded
    }
}

/// The headers of an object's answer.
final class ObjectDescription: OutputShape {
    let object: StoredObject
    let bucket: Bucket
    let selection: ObjectQuery.Selection
    let query: ObjectQuery
    let caller: Caller
    private let headers: [UInt8]
    /// As far as the caller may know.
    private let lock: ObjectLock

    init(
        object: StoredObject, bucket: Bucket, selection: ObjectQuery.Selection, query: ObjectQuery, lock: ObjectLock,
        caller: Caller
    ) throws {
        (self.object, self.bucket, self.selection, self.query) = (object, bucket, selection, query)
        (self.lock, self.caller) = (lock, caller)
        headers = try query.overrides.applied(to: object)
    }

    func write(to json: inout JSONWriter) {
        json.member("AcceptRanges", "bytes")
        json.member("LastModified", object.modified)
        json.member("ContentLength", selection.range.upperBound - selection.range.lowerBound)
        json.member("ETag", object.quotedETag)
        if selection.isPartial {
            let (first, last) = (selection.range.lowerBound, selection.range.upperBound - 1)
            json.member("ContentRange", "bytes \(first)-\(last)/\(object.size)")
            if query.wantsChecksum { writePartChecksum(to: &json) }
        } else if query.wantsChecksum {
            // The stored checksum is the whole object's.
            object.checksum?.write(to: &json)
        }
        if bucket.versioning != .unversioned { json.member("VersionId", object.version) }
        // The inside of the object, which always has its content type.
        json.raw(headers.dropFirst().dropLast())
        object.encryption?.write(to: &json)
        json.member("ReplicationStatus", object.replication?.name)
        if query.object.version == nil {
            json.member(
                "Expiration",
                bucket.expiry(of: object.key, size: object.size, object.tags, modified: object.modified))
        }
        if object.storageClass != StorageClass.standard { json.member("StorageClass", object.storageClass) }
        json.member("Restore", object.restoration?.header)
        lock.retention.map { retention in
            json.member("ObjectLockMode", retention.mode.rawValue)
            json.member("ObjectLockRetainUntilDate", retention.until)
        }
        json.member("ObjectLockLegalHoldStatus", lock.isHeld.map { $0 ? "ON" : "OFF" })
        json.member("PartsCount", selection.partCount)
        if !object.tags.all.isEmpty { json.member("TagCount", object.tags.all.count) }
        json.member(bucket.charge(to: caller))
    }

    /// A part asked for by its number has a checksum of its own; a range has none.
    private func writePartChecksum(to json: inout JSONWriter) {
        guard selection.partCount != nil, let number = query.partNumber, let checksum = object.checksum,
            let value = object.segments[number - 1].checksum
        else { return }
        json.member(checksum.algorithm.member, value)
        json.member("ChecksumType", checksum.type.rawValue)
    }
}
