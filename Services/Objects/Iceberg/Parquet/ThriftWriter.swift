/// Writes the structures that Parquet's headers and footers are made of.
///
/// [Thrift's compact protocol](https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md)
struct ThriftWriter {
    private enum Kind: UInt8 {
        case yes = 1
        case no = 2
        case int32 = 5
        case int64 = 6
        case binary = 8
        case list = 9
        case structure = 12
    }

    private(set) var bytes: [UInt8] = []
    /// The number of the field before, in the structure being written.
    private var last: Int16 = 0

    /// A structure that stands by itself.
    static func structure(_ body: (inout ThriftWriter) -> Void) -> [UInt8] {
        var writer = ThriftWriter()
        body(&writer)
        writer.bytes.append(0)
        return writer.bytes
    }

    mutating func field(_ id: Int16, _ value: Bool) { header(id, value ? .yes : .no) }

    mutating func field(_ id: Int16, _ value: Int32) {
        header(id, .int32)
        zigzag(Int64(value))
    }

    mutating func field(_ id: Int16, _ value: Int64) {
        header(id, .int64)
        zigzag(value)
    }

    mutating func field(_ id: Int16, _ text: String) { field(id, Array(text.utf8)) }

    mutating func field(_ id: Int16, _ binary: [UInt8]) {
        header(id, .binary)
        append(binary)
    }

    mutating func field(_ id: Int16, structure body: (inout ThriftWriter) -> Void) {
        header(id, .structure)
        bytes += Self.structure(body)
    }

    mutating func field(_ id: Int16, numbers: [Int32]) {
        list(id, .int32, count: numbers.count)
        for number in numbers { zigzag(Int64(number)) }
    }

    mutating func field(_ id: Int16, texts: [String]) {
        list(id, .binary, count: texts.count)
        for text in texts { append(Array(text.utf8)) }
    }

    mutating func field<Element>(
        _ id: Int16, structures: [Element], _ body: (inout ThriftWriter, Element) -> Void
    ) {
        list(id, .structure, count: structures.count)
        for element in structures { bytes += Self.structure { body(&$0, element) } }
    }

    private mutating func list(_ id: Int16, _ kind: Kind, count: Int) {
        header(id, .list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | kind.rawValue)
        } else {
            bytes.append(0xF0 | kind.rawValue)
            bytes.appendVariable(UInt64(count))
        }
    }

    private mutating func header(_ id: Int16, _ kind: Kind) {
        let step = id - last
        if (1...15).contains(step) {
            bytes.append(UInt8(step) << 4 | kind.rawValue)
        } else {
            bytes.append(kind.rawValue)
            zigzag(Int64(id))
        }
        last = id
    }

    private mutating func append(_ binary: [UInt8]) {
        bytes.appendVariable(UInt64(binary.count))
        bytes += binary
    }

    private mutating func zigzag(_ value: Int64) { bytes.appendZigzag(value) }
}

extension [UInt8] {
    /// Seven bits a byte, the lowest first.
    mutating func appendVariable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// As `appendVariable`, small numbers of either sign in few bytes.
    mutating func appendZigzag(_ value: Int64) { appendVariable(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func appendLittleEndian<Number: FixedWidthInteger>(_ number: Number) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
