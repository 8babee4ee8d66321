import ServiceKit

/// An item as the JSON it is answered with, made while the storage still lent its bytes.
struct PreparedItem: Sendable, JSONWritable {
    private let json: [UInt8]

    /// - Parameter projection: `nil` for the whole item.
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ projection: Projection? = nil) throws {
        var writer = JSONWriter(capacity: bytes.count + bytes.count / 2)
        try writer.item(bytes, projection)
        json = writer.bytes
    }

    init(_ item: StoredItem) throws {
        self = try item.bytes.withUnsafeBufferPointer { try PreparedItem($0) }
    }

    /// Of an item this process encoded a moment ago.
    init(own item: StoredItem) { self = (try? PreparedItem(item)) ?? PreparedItem(AttributeMap()) }

    init(_ attributes: AttributeMap) {
        var writer = JSONWriter()
        writer.value(attributes)
        json = writer.bytes
    }

    func writeValue(to json: inout JSONWriter) { json.raw(self.json) }
}

/// The items of a page, as the JSON array they are answered with.
///
/// In pieces: one text that grows to a megabyte would be copied again and again, each time into memory new to the
/// process, which costs more than the items themselves.
struct PreparedItems: Sendable, JSONWritable {
    private static let pieceSize = 64 << 10

    /// Each some elements with commas between them.
    private var full: [[UInt8]] = []
    private var last = JSONWriter(capacity: 0)
    private(set) var count = 0

    /// - Parameter projection: `nil` for the whole item.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ projection: Projection? = nil) throws {
        begin(expecting: bytes.count * 2)
        try last.item(bytes, projection)
        count += 1
    }

    mutating func append(_ attributes: AttributeMap) {
        begin(expecting: attributes.size * 2)
        last.value(attributes)
        count += 1
    }

    private mutating func begin(expecting size: Int) {
        guard last.bytes.count + size > Self.pieceSize || count == 0 else { return }
        if !last.bytes.isEmpty { full.append(last.bytes) }
        // The first piece grows as it must: most pages are small.
        last = JSONWriter(capacity: count == 0 ? size : max(size, Self.pieceSize))
    }

    func writeValue(to json: inout JSONWriter) {
        json.reserve(full.reduce(last.bytes.count + count + 64) { $0 + $1.count })
        json.array { json in
            for piece in full { json.raw(piece) }
            if !last.bytes.isEmpty { json.raw(last.bytes) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func item(_ bytes: UnsafeBufferPointer<UInt8>, _ projection: Projection?) throws {
        if let projection, projection.topLevelNames == nil {
            value(projection.apply(to: try ItemReader.item(bytes)))
        } else {
            try StoredItem.write(bytes, to: &self, only: projection?.topLevelNames)
        }
    }
}
