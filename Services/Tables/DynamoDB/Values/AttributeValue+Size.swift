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
    /// A byte, one for every two digits on either side of the point, and one for a minus sign.
    ///
    /// AWS's manual says "approximately"; this is what was
    /// [measured](https://github.com/nubo-db/dynamodb-conformance/blob/main/src/item-size.ts) at AWS to the byte, by
    /// items at their limit. Zeros that lead or trail the whole number do not count: 100 takes as much as 1.
    var size: Int {
        let digits = digitCount
        let whole = min(max(digits + Int(exponent), 0), digits)
        return 1 + (whole + 1) / 2 + (digits - whole + 1) / 2 + (isNegative ? 1 : 0)
    }
}

enum ItemLimits {
    /// Bytes of an item, names included.
    static let itemSize = 400 * 1024
    /// Bytes of items one Query or Scan reads for a page.
    static let pageSize = 1024 * 1024
    /// Levels of values inside one another; an attribute's own is the first.
    static let nesting = 32
    static let partitionKeySize = 2048
    static let sortKeySize = 1024
    /// Bytes of a name that is part of a key or projected by name.
    static let keyNameSize = 255
    static let attributeNameSize = 65535
}
