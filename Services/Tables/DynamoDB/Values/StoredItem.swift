import Bytes
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
        var transcoder = ItemTranscoder(reader: ItemReader(bytes))
        try transcoder.writeItem(to: &json, only: names)
    }
}

/// Stored bytes in, DynamoDB's JSON out.
private struct ItemTranscoder {
    var reader: ItemReader

    mutating func writeItem(to json: inout JSONWriter, only names: [Text]?) throws(DamagedItem) {
        _ = try reader.header()
        guard let names else { return try writeAttributes(to: &json) }
        json.beginObject()
        for _ in 0..<(try reader.varint()) {
            let name = try reader.blob()
            if names.contains(where: { $0.withBytes { ByteOrder.compare($0, name) == 0 } }) {
                json.name(utf8: name)
                try writeValue(to: &json)
            } else {
                try reader.skipValue()
            }
        }
        json.endObject()
    }

    private mutating func writeAttributes(to json: inout JSONWriter) throws(DamagedItem) {
        json.beginObject()
        for _ in 0..<(try reader.varint()) {
            json.name(utf8: try reader.blob())
            try writeValue(to: &json)
        }
        json.endObject()
    }

    private mutating func writeValue(to json: inout JSONWriter) throws(DamagedItem) {
        json.beginObject()
        switch try reader.byte() {
        case ItemFormat.null:
            json.name("NULL")
            json.bool(true)
        case ItemFormat.false:
            json.name("BOOL")
            json.bool(false)
        case ItemFormat.true:
            json.name("BOOL")
            json.bool(true)
        case ItemFormat.number:
            json.name("N")
            try writeNumber(to: &json)
        case ItemFormat.string:
            json.name("S")
            json.string(utf8: try reader.blob())
        case ItemFormat.binary:
            json.name("B")
            try writeBinary(to: &json)
        case let mark:
            _ = try reader.containerLength()
            try writeContainer(mark, to: &json)
        }
        json.endObject()
    }

    private mutating func writeContainer(_ mark: UInt8, to json: inout JSONWriter) throws(DamagedItem) {
        switch mark {
        case ItemFormat.map:
            json.name("M")
            return try writeAttributes(to: &json)
        case ItemFormat.list: json.name("L")
        case ItemFormat.stringSet: json.name("SS")
        case ItemFormat.numberSet: json.name("NS")
        case ItemFormat.binarySet: json.name("BS")
        default: throw DamagedItem()
        }
        json.beginArray()
        for _ in 0..<(try reader.varint()) {
            switch mark {
            case ItemFormat.list: try writeValue(to: &json)
            case ItemFormat.stringSet: json.string(utf8: try reader.blob())
            case ItemFormat.numberSet: try writeNumber(to: &json)
            default: try writeBinary(to: &json)
            }
        }
        json.endArray()
    }

    private mutating func writeNumber(to json: inout JSONWriter) throws(DamagedItem) {
        var digits: [UInt8] = []
        try reader.number().appendText(to: &digits)
        digits.withUnsafeBufferPointer { json.string(utf8: $0) }
    }

    private mutating func writeBinary(to json: inout JSONWriter) throws(DamagedItem) {
        let text = Base64.encode(Array(try reader.blob()))
        text.withUnsafeBufferPointer { json.string(utf8: $0) }
    }
}
