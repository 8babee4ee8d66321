import ServiceKit

/// What listings tell besides where they are asked: `x-amz-optional-object-attributes`.
enum OptionalObjectAttribute {
    static func asksForRestoreStatus(_ member: Members) throws -> Bool {
        let names: [String] = try member("OptionalObjectAttributes") ?? []
        return names.contains("RestoreStatus")
    }
}

/// How a listing's lines are written.
struct ListingForm: Sendable {
    let encoding: ListingEncoding
    /// Who owns objects that name nobody; `nil` where owners are not told.
    let owner: CanonicalUser?
    let wantsRestoreStatus: Bool
}

/// An object as a listing tells of it, read where its row lies: valid while the scan stands on it.
struct ListedObject {
    /// Lists stand behind the bytes of small objects in a row, so they are read where there may be any only.
    static func columns(in bucket: Bucket) -> String {
        "id, key, version, is_delete_marker, modified, size, etag, storage_class, checksum, \(bucket.hasLists ? "acl" : "NULL")"
    }

    private let row: Row

    /// - Parameter row: of `columns`.
    init(_ row: Row) { self.row = row }

    var id: Int64 { get throws { try row[0] } }
    var isDeleteMarker: Bool { get throws { try row[3] } }
    var modified: Timestamp { get throws { try row[4] } }
    var owner: CanonicalUser? { get throws { try AccessControlList(column: try row[9])?.owner } }

    func withKey<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result {
        try row.withText(at: 1, body)
    }

    func withVersion<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result {
        try row.withText(at: 2, body)
    }

    func write(to json: inout JSONWriter, _ form: ListingForm, bucketOwner: [UInt8], in snapshot: Snapshot) throws {
        try writeKey(to: &json, form)
        try row.withText(at: 6) { json.member("ETag", inQuotes: $0) }
        try row.withText(at: 8) { Self.write(checksum: $0, to: &json) }
        json.member("Size", number: try row[5])
        try row.withText(at: 7) { json.member("StorageClass", utf8: $0) }
        if form.owner != nil { try writeOwner(to: &json, bucketOwner) }
        if form.wantsRestoreStatus { try writeRestoration(to: &json, in: snapshot) }
    }

    /// What delete markers have too.
    func writeKey(to json: inout JSONWriter, _ form: ListingForm) throws {
        try withKey { key in
            form.encoding.with(key) { json.member("Key", utf8: $0) }
        }
        json.member("LastModified", time: try modified)
    }

    func writeVersion(to json: inout JSONWriter, isLatest: Bool) throws {
        try withVersion { json.member("VersionId", utf8: $0) }
        json.member("IsLatest", isLatest)
    }

    func writeOwner(to json: inout JSONWriter, _ bucketOwner: [UInt8]) throws {
        if let owner = try owner {
            json.member("Owner", owner)
        } else {
            bucketOwner.withUnsafeBufferPointer { json.member("Owner", raw: $0) }
        }
    }

    private func writeRestoration(to json: inout JSONWriter, in snapshot: Snapshot) throws {
        guard StorageClass.isArchive(try row[7]) else { return }
        try snapshot.restoration(of: id)?.writeStatus(to: &json)
    }

    /// From the form of `checksum` columns.
    private static func write(checksum: UnsafeBufferPointer<UInt8>, to json: inout JSONWriter) {
        let space = UInt8(ascii: " ")
        guard let first = checksum.firstIndex(of: space), let second = checksum[(first + 1)...].firstIndex(of: space)
        else { return }
        json.member("ChecksumAlgorithm") { json in
            json.array { $0.string(utf8: UnsafeBufferPointer(rebasing: checksum[..<first])) }
        }
        json.member("ChecksumType", utf8: UnsafeBufferPointer(rebasing: checksum[(first + 1)..<second]))
    }
}

extension Row {
    /// Lends a text; nothing of `NULL`.
    fileprivate func withText<Result>(
        at index: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result {
        try withBytes(at: index) { try body($0.assumingMemoryBound(to: UInt8.self)) }
    }
}
