import Bytes
import JSON

/// Stored bytes in, DynamoDB's JSON out.
struct ItemTranscoder {
    typealias Buffer = UnsafeBufferPointer<UInt8>

    private var reader: ItemReader

    init(_ bytes: Buffer) { reader = ItemReader(bytes) }

    /// Writes the item as one JSON object; with `names`, only those attributes.
    mutating func writeItem(to json: inout JSONWriter, only names: [Text]?) throws(DamagedItem) {
        _ = try reader.header()
        guard let names else { return try writeAttributes(to: &json) }
        json.beginObject()
        for _ in 0..<(try reader.varint()) {
            let name = try reader.blob()
            if names.contains(where: { $0.withBytes { ByteOrder.compare($0, name) == 0 } }) {
                try writeValue(named: name, to: &json)
            } else {
                try reader.skipValue()
            }
        }
        json.endObject()
    }

    private mutating func writeAttributes(to json: inout JSONWriter) throws(DamagedItem) {
        json.beginObject()
        for _ in 0..<(try reader.varint()) {
            let name = try reader.blob()
            try writeValue(named: name, to: &json)
        }
        json.endObject()
    }

    /// - Parameter name: `nil` for an element of a list.
    private mutating func writeValue(named name: Buffer?, to json: inout JSONWriter) throws(DamagedItem) {
        switch try reader.byte() {
        case ItemFormat.null: json.union(named: name, "NULL", raw: "true")
        case ItemFormat.false: json.union(named: name, "BOOL", raw: "false")
        case ItemFormat.true: json.union(named: name, "BOOL", raw: "true")
        case ItemFormat.string: json.union(named: name, "S", utf8: try reader.blob())
        case ItemFormat.number:
            try NumberText.withText(ofKeyBytes: try reader.encodedNumber()) {
                json.union(named: name, "N", utf8: $0, isPlain: true)
            }
        case ItemFormat.binary:
            let text = Base64.encode(Array(try reader.blob()))
            text.withUnsafeBufferPointer { json.union(named: name, "B", utf8: $0, isPlain: true) }
        case let mark:
            _ = try reader.containerLength()
            try writeContainer(mark, named: name, to: &json)
            json.endObject()
        }
    }

    private mutating func writeContainer(
        _ mark: UInt8, named name: Buffer?, to json: inout JSONWriter
    ) throws(DamagedItem) {
        switch mark {
        case ItemFormat.map:
            json.beginUnion(named: name, "M")
            return try writeAttributes(to: &json)
        case ItemFormat.list: json.beginUnion(named: name, "L")
        case ItemFormat.stringSet: json.beginUnion(named: name, "SS")
        case ItemFormat.numberSet: json.beginUnion(named: name, "NS")
        case ItemFormat.binarySet: json.beginUnion(named: name, "BS")
        default: throw DamagedItem()
        }
        json.beginArray()
        for _ in 0..<(try reader.varint()) { try writeElement(of: mark, to: &json) }
        json.endArray()
    }

    private mutating func writeElement(of mark: UInt8, to json: inout JSONWriter) throws(DamagedItem) {
        switch mark {
        case ItemFormat.list: try writeValue(named: nil, to: &json)
        case ItemFormat.stringSet: json.string(utf8: try reader.blob())
        case ItemFormat.numberSet:
            try NumberText.withText(ofKeyBytes: try reader.encodedNumber()) { json.string(utf8: $0) }
        default:
            let text = Base64.encode(Array(try reader.blob()))
            text.withUnsafeBufferPointer { json.string(utf8: $0) }
        }
    }
}
