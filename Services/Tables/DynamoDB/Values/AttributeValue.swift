/// A DynamoDB value. Sets are kept sorted and without duplicates, so that equal sets are equal arrays.
enum AttributeValue: Sendable, Hashable {
    case string(Text)
    case number(DynamoDBNumber)
    case binary([UInt8])
    case bool(Bool)
    case null
    case map(AttributeMap)
    case list([AttributeValue])
    case stringSet([Text])
    case numberSet([DynamoDBNumber])
    case binarySet([[UInt8]])

    /// The data type descriptors of the wire.
    enum Kind: String, Sendable, CaseIterable {
        case string = "S"
        case number = "N"
        case binary = "B"
        case bool = "BOOL"
        case null = "NULL"
        case map = "M"
        case list = "L"
        case stringSet = "SS"
        case numberSet = "NS"
        case binarySet = "BS"

        /// From the descriptor's bytes, without a `String` in between; `nil` for any other.
        init?(utf8 name: UnsafeBufferPointer<UInt8>) {
            switch name.count {
            case 1:
                switch name[0] {
                case UInt8(ascii: "S"): self = .string
                case UInt8(ascii: "N"): self = .number
                case UInt8(ascii: "B"): self = .binary
                case UInt8(ascii: "M"): self = .map
                case UInt8(ascii: "L"): self = .list
                default: return nil
                }
            case 2:
                guard name[1] == UInt8(ascii: "S") else { return nil }
                switch name[0] {
                case UInt8(ascii: "S"): self = .stringSet
                case UInt8(ascii: "N"): self = .numberSet
                case UInt8(ascii: "B"): self = .binarySet
                default: return nil
                }
            case 4:
                if name.elementsEqual("BOOL".utf8) { self = .bool; return }
                guard name.elementsEqual("NULL".utf8) else { return nil }
                self = .null
            default: return nil
            }
        }

        /// S, N or B: what a key can be, and what has an order.
        var isScalarKey: Bool { self == .string || self == .number || self == .binary }
    }

    var kind: Kind {
        switch self {
        case .string: .string
        case .number: .number
        case .binary: .binary
        case .bool: .bool
        case .null: .null
        case .map: .map
        case .list: .list
        case .stringSet: .stringSet
        case .numberSet: .numberSet
        case .binarySet: .binarySet
        }
    }
}

/// The order of two values; only strings, numbers and binaries of one type have one.
extension AttributeValue {
    func compare(to other: AttributeValue) -> Int? {
        switch (self, other) {
        case (.string(let left), .string(let right)): left == right ? 0 : left < right ? -1 : 1
        case (.number(let left), .number(let right)): left == right ? 0 : left < right ? -1 : 1
        case (.binary(let left), .binary(let right)): ByteOrder.compare(left, right).signum()
        default: nil
        }
    }

    func begins(with prefix: AttributeValue) -> Bool {
        switch (self, prefix) {
        case (.string(let whole), .string(let part)): whole.string.utf8.starts(with: part.string.utf8)
        case (.binary(let whole), .binary(let part)): whole.starts(with: part)
        default: false
        }
    }

    /// A substring, or an element of a set or list.
    func contains(_ part: AttributeValue) -> Bool {
        switch (self, part) {
        case (.string(let whole), .string(let part)):
            whole.withBytes { whole in part.withBytes { ByteOrder.contains(whole, $0) } }
        case (.binary(let whole), .binary(let part)):
            whole.withUnsafeBufferPointer { whole in part.withUnsafeBufferPointer { ByteOrder.contains(whole, $0) } }
        case (.stringSet(let set), .string(let element)): set.contains(element)
        case (.numberSet(let set), .number(let element)): set.contains(element)
        case (.binarySet(let set), .binary(let element)): set.contains(element)
        case (.list(let list), _): list.contains(part)
        default: false
        }
    }

    /// What the function `size` answers: bytes or elements; `nil` for types without a size.
    var elementCount: Int? {
        switch self {
        case .string(let text): text.utf8Count
        case .binary(let bytes): bytes.count
        case .stringSet(let set): set.count
        case .numberSet(let set): set.count
        case .binarySet(let set): set.count
        case .list(let list): list.count
        case .map(let map): map.count
        case .number, .bool, .null: nil
        }
    }
}
