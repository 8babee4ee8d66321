import ServiceKit

extension Snapshot {
    /// Current objects, without delete markers: their lines, and what else the page holds.
    func objects(
        in bucket: Bucket, _ query: ListingQuery, as form: ListingForm
    ) throws -> (lines: [UInt8], end: ListingEnd) {
        var page = ListingPage(query)
        var lines = ListingLines(form, upTo: query.limit)
        // Rows of one key come newest first; the older ones are versions. Where there never were any, the index has the
        // order already.
        let hasVersions = bucket.versioning != .unversioned
        while let start = page.start {
            var previous = LastKey()
            page.begin()
            try scan(
                """
                SELECT \(ListedObject.columns(in: bucket)) FROM object WHERE bucket = ? AND key >= ?
                ORDER BY key\(hasVersions ? ", id DESC" : "")
                """, bucket.id, start
            ) { row in
                let object = ListedObject(row)
                return try object.withKey { key in
                    if hasVersions, previous.isRepeated(by: key) { return .next }
                    if try object.isDeleteMarker { return page.pass(key) }
                    return try page.visit(key) { try lines.append(object, in: self) }
                }
            }
        }
        return (lines.finish(), page.end)
    }

    /// All versions and delete markers, newest first within a key, after a key and the row of one of its versions.
    func versions(
        in bucket: Bucket, _ query: ListingQuery, afterVersion version: String?, as form: ListingForm
    ) throws -> VersionListing {
        let skipped = try version.flatMap { try object(query.after, version: $0, in: bucket)?.id }
        var page = ListingPage(query, includingStart: skipped != nil)
        var listing = VersionListing(form, upTo: query.limit)
        while let start = page.start {
            var previous = LastKey()
            page.begin()
            try scan(
                """
                SELECT \(ListedObject.columns(in: bucket)) FROM object WHERE bucket = ? AND key >= ?
                ORDER BY key, id DESC
                """, bucket.id, start
            ) { row in
                let object = ListedObject(row)
                return try object.withKey { key in
                    let isLatest = !previous.isRepeated(by: key)
                    if let skipped, query.after.utf8.elementsEqual(key), try object.id >= skipped { return .next }
                    return try page.visit(key) { try listing.append(object, isLatest, in: self) }
                }
            }
        }
        listing.finish(page.end)
        return listing
    }
}

/// A page of a listing of versions.
struct VersionListing: Sendable {
    /// Arrays of structures.
    private(set) var versions: [UInt8] = []
    private(set) var markers: [UInt8] = []
    private(set) var end = ListingEnd()
    private var versionLines: ListingLines
    private var markerLines: ListingLines
    private var lastKey: [UInt8] = []
    private var lastVersion: [UInt8] = []

    fileprivate init(_ form: ListingForm, upTo limit: Int) {
        versionLines = ListingLines(form, upTo: limit)
        markerLines = ListingLines(form, upTo: 0)
    }

    var hasMarkers: Bool { !markerLines.isEmpty }

    /// Of the last line, where the page ends with it and there is more.
    var nextVersion: String? {
        guard let next = end.next, next.utf8.elementsEqual(lastKey) else { return nil }
        return String(decoding: lastVersion, as: UTF8.self)
    }

    fileprivate mutating func append(_ object: ListedObject, _ isLatest: Bool, in snapshot: Snapshot) throws {
        if try object.isDeleteMarker {
            try markerLines.append(version: object, isLatest: isLatest, in: snapshot)
        } else {
            try versionLines.append(version: object, isLatest: isLatest, in: snapshot)
        }
        try object.withKey { lastKey.replaceAll(with: $0) }
        try object.withVersion { lastVersion.replaceAll(with: $0) }
    }

    fileprivate mutating func finish(_ end: ListingEnd) {
        versions = versionLines.finish()
        markers = markerLines.finish()
        self.end = end
    }
}

/// The key of the row before.
private struct LastKey {
    private var bytes: [UInt8] = []
    private var isKnown = false

    /// Whether `key` is the same, which it is from now on.
    mutating func isRepeated(by key: UnsafeBufferPointer<UInt8>) -> Bool {
        if isKnown, bytes.elementsEqual(key) { return true }
        isKnown = true
        bytes.replaceAll(with: key)
        return false
    }
}

extension [UInt8] {
    fileprivate mutating func replaceAll(with bytes: UnsafeBufferPointer<UInt8>) {
        removeAll(keepingCapacity: true)
        append(contentsOf: bytes)
    }
}
