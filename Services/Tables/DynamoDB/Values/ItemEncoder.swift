/// Writes an item as the bytes the storage keeps.
///
///     item   = version:1  size:varint  attributes
///     attributes = count:varint  (name:text  value)*      sorted by name
///     text   = length:varint  UTF-8
///     value  = kind:1  content
///
/// Numbers are their key encoding after a length byte; lists, maps and sets carry their length in four bytes
/// (little-endian) so that a reader steps over what it is not asked for. `size` is DynamoDB's size of the item, which
/// pages and capacity need without a look inside.
struct ItemEncoder {
    static let version: UInt8 = 1
    private(set) var bytes: [UInt8] = []

    static func encode(_ item: AttributeMap) -> [UInt8] {
        var encoder = ItemEncoder()
        let size = item.size
        encoder.bytes.reserveCapacity(size + item.count * 4 + 16)
        encoder.bytes.append(version)
        encoder.append(varint: size)
        encoder.append(item)
        return encoder.bytes
    }

    private mutating func append(_ map: AttributeMap) {
        append(varint: map.count)
        for entry in map.entries {
            append(entry.name)
            append(entry.value)
        }
    }

    private mutating func append(_ value: AttributeValue) {
        bytes.append(ItemFormat.mark(of: value))
        switch value {
        case .null, .bool: break
        case .string(let text): append(text)
        case .number(let number): append(number)
        case .binary(let blob): append(blob)
        case .map(let map): appendContainer { $0.append(map) }
        case .list(let list): appendContainer { $0.append(elements: list) { $0.append($1) } }
        case .stringSet(let set): appendContainer { $0.append(elements: set) { $0.append($1) } }
        case .numberSet(let set): appendContainer { $0.append(elements: set) { $0.append($1) } }
        case .binarySet(let set): appendContainer { $0.append(elements: set) { $0.append($1) } }
        }
    }

    private mutating func append(_ text: Text) {
        text.withBytes { utf8 in
            append(varint: utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    private mutating func append(_ blob: [UInt8]) {
        append(varint: blob.count)
        bytes.append(contentsOf: blob)
    }

    private mutating func append(_ number: DynamoDBNumber) {
        let position = bytes.count
        bytes.append(0)
        number.appendKeyBytes(to: &bytes)
        bytes[position] = UInt8(bytes.count - position - 1)
    }

    private mutating func append<Element>(elements: [Element], _ append: (inout ItemEncoder, Element) -> Void) {
        self.append(varint: elements.count)
        for element in elements { append(&self, element) }
    }

    private mutating func appendContainer(_ body: (inout ItemEncoder) -> Void) {
        let position = bytes.count
        bytes.append(contentsOf: [0, 0, 0, 0])
        body(&self)
        let length = UInt32(bytes.count - position - 4)
        for byte in 0..<4 { bytes[position + byte] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(byte))) }
    }

    private mutating func append(varint value: Int) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// The kind bytes of stored values. Never renumbered: files hold them.
enum ItemFormat {
    static let null: UInt8 = 0
    static let `false`: UInt8 = 1
    static let `true`: UInt8 = 2
    static let number: UInt8 = 3
    static let string: UInt8 = 4
    static let binary: UInt8 = 5
    static let map: UInt8 = 6
    static let list: UInt8 = 7
    static let stringSet: UInt8 = 8
    static let numberSet: UInt8 = 9
    static let binarySet: UInt8 = 10

    static func mark(of value: AttributeValue) -> UInt8 {
        switch value {
        case .null: null
        case .bool(let bool): bool ? `true` : `false`
        case .number: number
        case .string: string
        case .binary: binary
        case .map: map
        case .list: list
        case .stringSet: stringSet
        case .numberSet: numberSet
        case .binarySet: binarySet
        }
    }
}
