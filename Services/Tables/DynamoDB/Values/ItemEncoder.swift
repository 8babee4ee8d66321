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

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    static func encode(_ item: AttributeMap) -> [UInt8] {
        let size = item.size
        var encoder = ItemEncoder(capacity: size + item.count * 4 + 16)
        encoder.appendHeader(size: size)
        encoder.append(item)
        return encoder.bytes
    }

    mutating func appendHeader(size: Int) {
        bytes.append(Self.version)
        append(varint: size)
    }

    mutating func append(_ value: AttributeValue) {
        append(mark: ItemFormat.mark(of: value))
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

    private mutating func append(_ map: AttributeMap) {
        append(varint: map.count)
        for entry in map.entries {
            append(entry.name)
            append(entry.value)
        }
    }

    private mutating func append(_ text: Text) { text.withBytes { append(blob: $0) } }

    private mutating func append(_ blob: [UInt8]) { blob.withUnsafeBufferPointer { append(blob: $0) } }

    private mutating func append<Element>(elements: [Element], _ append: (inout ItemEncoder, Element) -> Void) {
        self.append(varint: elements.count)
        for element in elements { append(&self, element) }
    }

    // MARK: Pieces

    mutating func append(mark: UInt8) { bytes.append(mark) }

    mutating func append(blob: UnsafeBufferPointer<UInt8>) {
        append(varint: blob.count)
        bytes.append(contentsOf: blob)
    }

    mutating func append(_ number: DynamoDBNumber) {
        let position = bytes.count
        bytes.append(0)
        number.appendKeyBytes(to: &bytes)
        bytes[position] = UInt8(bytes.count - position - 1)
    }

    mutating func appendContainer<Failure: Error>(
        _ body: (inout ItemEncoder) throws(Failure) -> Void
    ) throws(Failure) {
        let position = beginContainer()
        try body(&self)
        endContainer(begunAt: position)
    }

    /// Leaves room for the length of what follows, until `endContainer`.
    mutating func beginContainer() -> Int {
        bytes.append(contentsOf: repeatElement(0, count: 4))
        return bytes.count
    }

    mutating func endContainer(begunAt position: Int) {
        let length = UInt32(bytes.count - position)
        for byte in 0..<4 { bytes[position - 4 + byte] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(byte))) }
    }

    mutating func append(varint value: Int) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Appends what another one wrote.
    mutating func append(_ other: ItemEncoder) { bytes.append(contentsOf: other.bytes) }

    /// Puts stretches of what was written last into another order.
    mutating func reorder(from start: Int, _ stretches: [Range<Int>]) {
        let copy = Array(bytes[start...])
        bytes.removeLast(copy.count)
        for stretch in stretches {
            bytes.append(contentsOf: copy[stretch.lowerBound - start..<stretch.upperBound - start])
        }
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
