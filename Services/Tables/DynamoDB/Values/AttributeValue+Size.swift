/// Sizes as DynamoDB counts them for its limits, pages and capacity.
///
/// [Item sizes and formats](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html)
extension AttributeValue {
    var size: Int {
        switch self {
        case .string(let text): text.utf8Count
        case .number(let number): number.size
        case .binary(let bytes): bytes.count
        case .bool, .null: 1
        case .map(let map): 3 + map.count + map.size
        case .list(let list): 3 + list.reduce(0) { $0 + 1 + $1.size }
        case .stringSet(let set): set.reduce(0) { $0 + $1.utf8Count }
        case .numberSet(let set): set.reduce(0) { $0 + $1.size }
        case .binarySet(let set): set.reduce(0) { $0 + $1.count }
        }
    }
}

extension AttributeMap {
    /// Names and values.
    var size: Int { entries.reduce(0) { $0 + $1.name.utf8Count + $1.value.size } }
}

extension DynamoDBNumber {
    /// One byte for every two digits around an even power of ten, one more, and one for a minus sign.
    var size: Int {
        guard !isZero else { return 1 }
        let digits = digitCount
        let loneFirstDigit = magnitude.isMultiple(of: 2) ? 1 : 0
        return 1 + (digits + loneFirstDigit + 1) / 2 + (isNegative ? 1 : 0)
    }
}

enum ItemLimits {
    /// Bytes of an item, names included.
    static let itemSize = 400 * 1024
    /// Bytes of items one Query or Scan reads for a page.
    static let pageSize = 1024 * 1024
    /// Lists and maps inside one another.
    static let nesting = 32
    static let partitionKeySize = 2048
    static let sortKeySize = 1024
    /// Bytes of a name that is part of a key or projected by name.
    static let keyNameSize = 255
    static let attributeNameSize = 65535
}
