import ServiceKit

/// What a page of a listing holds besides its lines: common prefixes, ascending by bytes, and whether there is more.
struct ListingEnd: Sendable {
    fileprivate(set) var lineCount = 0
    fileprivate(set) var prefixes: [String] = []
    /// The last key or common prefix of the page, where there is more.
    fileprivate(set) var next: String?

    var count: Int { lineCount + prefixes.count }
}

/// Fills a page from keys in ascending order. Scans in stretches: behind a common prefix the next one begins after all
/// keys that share it, so that a folder of a million objects costs one step.
struct ListingPage {
    typealias Key = UnsafeBufferPointer<UInt8>

    private(set) var end = ListingEnd()
    /// Where to scan from; `nil` when the page is full or the keys are at their end.
    private(set) var start: String?
    private let limit: Int
    private let prefix: [UInt8]
    private let delimiter: [UInt8]
    private let after: [UInt8]
    private let includesStart: Bool
    /// The last key or common prefix of a full page.
    private var last = ""

    /// - Parameter includingStart: further versions of the key `query.after` may belong to the page.
    init(_ query: ListingQuery, includingStart: Bool = false) {
        limit = query.limit
        prefix = Array(query.prefix.utf8)
        delimiter = Array(query.delimiter.utf8)
        after = Array(query.after.utf8)
        includesStart = includingStart
        guard query.limit > 0 else { return }
        // A marker that is a common prefix itself stands for every key that begins with it.
        let isPrefix = after.withUnsafeBufferPointer { hasPrefix($0) && commonPrefix(of: $0)?.count == $0.count }
        start = isPrefix ? Self.behind(query.after) : Self.later(query.prefix, query.after)
    }

    /// Until a visit says otherwise, this stretch is the last.
    mutating func begin() { start = nil }

    /// A key that is not listed itself.
    func pass(_ key: Key) -> ScanStep { hasPrefix(key) ? .next : .stop }

    /// - Parameter list: writes the key's line, where it is one of the page's.
    mutating func visit(_ key: Key, _ list: () throws -> Void) rethrows -> ScanStep {
        guard hasPrefix(key) else { return .stop }
        if !includesStart, !after.isEmpty, !after.lexicographicallyPrecedes(key) { return .next }
        let prefix = commonPrefix(of: key)
        // The bound behind a prefix is approximate; keys of one that is listed already are passed over.
        if let prefix, let listed = end.prefixes.last, listed.utf8.elementsEqual(prefix) { return .next }
        guard end.count < limit else {
            end.next = last
            return .stop
        }
        if let prefix {
            last = String(decoding: prefix, as: UTF8.self)
            end.prefixes.append(last)
            start = Self.behind(last)
            return .stop
        }
        try list()
        end.lineCount += 1
        if end.count == limit { last = String(decoding: key, as: UTF8.self) }
        return .next
    }

    /// The common prefix that a key is rolled up into, if any.
    private func commonPrefix(of key: Key) -> Key? {
        guard let first = delimiter.first else { return nil }
        var start = prefix.count
        while start + delimiter.count <= key.count {
            if key[start] == first, key[start..<(start + delimiter.count)].elementsEqual(delimiter) {
                return Key(rebasing: key[..<(start + delimiter.count)])
            }
            start += 1
        }
        return nil
    }

    private func hasPrefix(_ key: Key) -> Bool { prefix.isEmpty || key.starts(with: prefix) }

    /// A key that sorts behind almost every key with the prefix, and before every other that follows.
    private static func behind(_ prefix: String) -> String { prefix + "\u{10FFFF}" }

    private static func later(_ first: String, _ second: String) -> String {
        first.utf8.lexicographicallyPrecedes(second.utf8) ? second : first
    }
}
