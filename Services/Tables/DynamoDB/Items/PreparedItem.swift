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

    init(_ attributes: AttributeMap) {
        var writer = JSONWriter()
        writer.value(attributes)
        json = writer.bytes
    }

    func writeValue(to json: inout JSONWriter) { json.raw(self.json) }
}

/// The items of a page, as the JSON array they are answered with.
struct PreparedItems: Sendable, JSONWritable {
    private var json = JSONWriter(capacity: 0)
    private(set) var count = 0

    /// - Parameter projection: `nil` for the whole item.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ projection: Projection? = nil) throws {
        try json.item(bytes, projection)
        count += 1
    }

    mutating func append(_ attributes: AttributeMap) {
        json.value(attributes)
        count += 1
    }

    func writeValue(to json: inout JSONWriter) {
        json.array { json in
            // Elements with their commas between: together they stand where one value would.
            if count > 0 { json.raw(self.json.bytes) }
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
