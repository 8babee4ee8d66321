import JSON

/// An item as the storage keeps it. Written as JSON straight from its bytes: a read makes no values.
struct StoredItem: Sendable, Equatable {
    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }
    init(_ item: AttributeMap) { bytes = ItemEncoder.encode(item) }

    func attributes() throws(DamagedItem) -> AttributeMap { try ItemReader.item(bytes) }

    /// DynamoDB's size of the item.
    func size() throws(DamagedItem) -> Int { try ItemReader.size(bytes) }

    /// Writes the item as one JSON object; with `names`, only those attributes.
    func write(to json: inout JSONWriter, only names: [Text]? = nil) throws(DamagedItem) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(DamagedItem) in
            try Self.write(bytes, to: &json, only: names)
        }
    }

    /// The same for bytes that are still the database's.
    static func write(
        _ bytes: UnsafeBufferPointer<UInt8>, to json: inout JSONWriter, only names: [Text]? = nil
    ) throws(DamagedItem) {
        var transcoder = ItemTranscoder(bytes)
        try transcoder.writeItem(to: &json, only: names)
    }
}
