import ServiceKit

/// An item as the JSON it is answered with, made while the storage still lent its bytes.
struct PreparedItem: Sendable, JSONWritable {
    private let json: [UInt8]

    /// - Parameter projection: `nil` for the whole item.
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ projection: Projection? = nil) throws {
        var writer = JSONWriter(capacity: bytes.count * 2)
        if let projection, projection.topLevelNames == nil {
            writer.value(projection.apply(to: try ItemReader.item(bytes)))
        } else {
            try StoredItem.write(bytes, to: &writer, only: projection?.topLevelNames)
        }
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
