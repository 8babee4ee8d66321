import ServiceKit

extension Bucket {
    /// Lists stand behind the bytes of small objects in a row, so they are read where there may be any only.
    fileprivate var listingColumns: String {
        "id, key, version, is_delete_marker, modified, size, etag, storage_class, checksum, \(hasLists ? "acl" : "NULL")"
    }
}

extension ListedObject {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row[0], key: try row[1], version: try row[2], isDeleteMarker: try row[3], modified: try row[4],
            size: try row[5], etag: try row[6], storageClass: try row[7],
            checksum: ContentChecksum(encoded: try row[8]), owner: try AccessControlList(column: try row[9])?.owner)
    }
}

extension Snapshot {
    /// Current objects, without delete markers.
    func objects(in bucket: Bucket, _ query: ListingQuery) throws -> Listing<ListedObject> {
        var page = ListingPage<ListedObject>(query)
        while let start = page.start {
            var previous: String?
            page.begin()
            try scan(
                "SELECT \(bucket.listingColumns) FROM object WHERE bucket = ? AND key >= ? ORDER BY key, id DESC",
                bucket.id, start
            ) { row in
                let object = try ListedObject(row)
                // Rows of one key come newest first; the older ones are versions.
                if let previous, ObjectKey.equal(previous, object.key) { return .next }
                previous = object.key
                return object.isDeleteMarker ? page.pass(object.key) : page.visit(object.key, object)
            }
        }
        return page.listing
    }

    /// All versions and delete markers, newest first within a key, after a key and the row of one of its versions.
    func versions(
        in bucket: Bucket, _ query: ListingQuery, afterVersion version: String?
    ) throws -> (listing: Listing<ListedVersion>, nextVersion: String?) {
        var skip = try version.flatMap { try object(query.after, version: $0, in: bucket)?.id }
        var page = ListingPage<ListedVersion>(query, includingStart: skip != nil)
        while let start = page.start {
            var previous: String?
            page.begin()
            try scan(
                "SELECT \(bucket.listingColumns) FROM object WHERE bucket = ? AND key >= ? ORDER BY key, id DESC",
                bucket.id, start
            ) { row in
                let object = try ListedObject(row)
                let isLatest = !(previous.map { ObjectKey.equal($0, object.key) } ?? false)
                previous = object.key
                if let last = skip, ObjectKey.equal(object.key, query.after) {
                    return object.id >= last ? .next : page.visit(object.key, ListedVersion(object, isLatest))
                }
                skip = nil
                return page.visit(object.key, ListedVersion(object, isLatest))
            }
        }
        let listing = page.listing
        let last = listing.next.flatMap { next in
            listing.items.last.flatMap { ObjectKey.equal($0.object.key, next) ? $0 : nil }
        }
        return (listing, last?.object.version)
    }
}

/// A line of a listing of versions.
struct ListedVersion: Sendable {
    let object: ListedObject
    let isLatest: Bool

    init(_ object: ListedObject, _ isLatest: Bool) {
        self.object = object
        self.isLatest = isLatest
    }
}

/// Fills a page from keys in ascending order. Scans in stretches: behind a common prefix the next one begins after all
/// keys that share it, so that a folder of a million objects costs one step.
struct ListingPage<Item: Sendable> {
    private let query: ListingQuery
    private(set) var listing = Listing<Item>()
    /// Where to scan from; `nil` when the page is full or the keys are at their end.
    private(set) var start: String?
    private var last = ""
    private let includesStart: Bool

    /// - Parameter includingStart: further versions of the key `query.after` may belong to the page.
    init(_ query: ListingQuery, includingStart: Bool = false) {
        self.query = query
        includesStart = includingStart
        guard query.limit > 0 else { return }
        // A marker that is a common prefix itself stands for every key that begins with it.
        if query.commonPrefix(of: query.after).map({ ObjectKey.equal($0, query.after) }) ?? false,
            ObjectKey.hasPrefix(query.after, query.prefix)
        {
            start = Self.behind(query.after)
        } else {
            start = Self.later(query.prefix, query.after)
        }
    }

    /// Until a visit says otherwise, this stretch is the last.
    mutating func begin() { start = nil }

    /// A key that is not listed itself.
    mutating func pass(_ key: String) -> ScanStep { ObjectKey.hasPrefix(key, query.prefix) ? .next : .stop }

    mutating func visit(_ key: String, _ item: Item) -> ScanStep {
        guard ObjectKey.hasPrefix(key, query.prefix) else { return .stop }
        if !includesStart, !query.after.isEmpty, !Self.isAscending(query.after, key) { return .next }
        let prefix = query.commonPrefix(of: key)
        // The bound behind a prefix is approximate; keys of one that is listed already are passed over.
        if let prefix, let listed = listing.prefixes.last, ObjectKey.equal(prefix, listed) { return .next }
        guard listing.count < query.limit else {
            listing.next = last
            return .stop
        }
        if let prefix {
            listing.prefixes.append(prefix)
            last = prefix
            start = Self.behind(prefix)
            return .stop
        }
        listing.items.append(item)
        last = key
        return .next
    }

    /// A key that sorts behind almost every key with the prefix, and before every other that follows.
    private static func behind(_ prefix: String) -> String { prefix + "\u{10FFFF}" }

    private static func later(_ first: String, _ second: String) -> String {
        isAscending(first, second) ? second : first
    }

    private static func isAscending(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }
}
