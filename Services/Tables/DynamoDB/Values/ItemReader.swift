/// A stored item that cannot be read: damage, never a client's fault.
struct DamagedItem: Error {}

/// Steps through the bytes `ItemEncoder` wrote, every length checked against what is there.
struct ItemReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The whole item as values.
    static func item(_ bytes: [UInt8]) throws(DamagedItem) -> AttributeMap {
        try bytes.withUnsafeBufferPointer { (bytes) throws(DamagedItem) in try item(bytes) }
    }

    static func item(_ bytes: UnsafeBufferPointer<UInt8>) throws(DamagedItem) -> AttributeMap {
        var reader = ItemReader(bytes)
        _ = try reader.header()
        return try reader.attributes()
    }

    /// DynamoDB's size of the item.
    static func size(_ bytes: [UInt8]) throws(DamagedItem) -> Int {
        try bytes.withUnsafeBufferPointer { (bytes) throws(DamagedItem) in try size(bytes) }
    }

    static func size(_ bytes: UnsafeBufferPointer<UInt8>) throws(DamagedItem) -> Int {
        var reader = ItemReader(bytes)
        return try reader.header()
    }

    /// Passes the version and answers the item's size.
    mutating func header() throws(DamagedItem) -> Int {
        guard try byte() == ItemEncoder.version else { throw DamagedItem() }
        return try varint()
    }

    // MARK: Pieces

    mutating func byte() throws(DamagedItem) -> UInt8 {
        guard position < bytes.count else { throw DamagedItem() }
        position += 1
        return bytes[position - 1]
    }

    mutating func varint() throws(DamagedItem) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 56 {
            let byte = try byte()
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return Int(value) }
            shift += 7
        }
        throw DamagedItem()
    }

    /// A length and as many bytes, borrowed.
    mutating func blob() throws(DamagedItem) -> UnsafeBufferPointer<UInt8> { try take(try varint()) }

    /// A number's key encoding, borrowed.
    mutating func encodedNumber() throws(DamagedItem) -> UnsafeBufferPointer<UInt8> { try take(Int(try byte())) }

    mutating func number() throws(DamagedItem) -> DynamoDBNumber {
        let content = try encodedNumber()
        var length = 0
        guard let number = DynamoDBNumber(keyBytes: content, length: &length), length == content.count else {
            throw DamagedItem()
        }
        return number
    }

    /// The bytes of a container.
    mutating func containerLength() throws(DamagedItem) -> Int {
        let prefix = try take(4)
        return Int(prefix[0]) | Int(prefix[1]) << 8 | Int(prefix[2]) << 16 | Int(prefix[3]) << 24
    }

    /// Steps over one value.
    mutating func skipValue() throws(DamagedItem) {
        switch try byte() {
        case ItemFormat.null, ItemFormat.false, ItemFormat.true: break
        case ItemFormat.number: _ = try take(Int(try byte()))
        case ItemFormat.string, ItemFormat.binary: _ = try blob()
        case ItemFormat.map...ItemFormat.binarySet: _ = try take(try containerLength())
        default: throw DamagedItem()
        }
    }

    private mutating func take(_ count: Int) throws(DamagedItem) -> UnsafeBufferPointer<UInt8> {
        guard count >= 0, count <= bytes.count - position else { throw DamagedItem() }
        let start = position
        position += count
        return UnsafeBufferPointer(rebasing: bytes[start..<position])
    }

    // MARK: Values

    mutating func attributes() throws(DamagedItem) -> AttributeMap {
        let count = try varint()
        var entries: [AttributeMap.Entry] = []
        // The count is only believed as far as bytes follow.
        entries.reserveCapacity(min(count, bytes.count - position))
        for _ in 0..<count {
            let name = Text(utf8: try blob())
            entries.append(AttributeMap.Entry(name: name, value: try value()))
        }
        return AttributeMap(unsorted: entries)
    }

    mutating func value() throws(DamagedItem) -> AttributeValue {
        switch try byte() {
        case ItemFormat.null: return .null
        case ItemFormat.false: return .bool(false)
        case ItemFormat.true: return .bool(true)
        case ItemFormat.number: return .number(try number())
        case ItemFormat.string: return .string(Text(utf8: try blob()))
        case ItemFormat.binary: return .binary(Array(try blob()))
        case ItemFormat.map:
            _ = try containerLength()
            return .map(try attributes())
        case ItemFormat.list:
            return .list(try elements { (reader) throws(DamagedItem) in try reader.value() })
        case ItemFormat.stringSet:
            return .stringSet(try elements { (reader) throws(DamagedItem) in Text(utf8: try reader.blob()) })
        case ItemFormat.numberSet:
            return .numberSet(try elements { (reader) throws(DamagedItem) in try reader.number() })
        case ItemFormat.binarySet:
            return .binarySet(try elements { (reader) throws(DamagedItem) in Array(try reader.blob()) })
        default: throw DamagedItem()
        }
    }

    private mutating func elements<Element>(
        _ read: (inout ItemReader) throws(DamagedItem) -> Element
    ) throws(DamagedItem) -> [Element] {
        _ = try containerLength()
        let count = try varint()
        var elements: [Element] = []
        elements.reserveCapacity(min(count, bytes.count - position))
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }
}
