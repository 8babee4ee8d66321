import ServiceKit

/// An attribute that is part of a key, with its type.
struct KeyAttribute: Sendable, Hashable {
    let name: Text
    let kind: AttributeValue.Kind
}

/// The key of a table or an index.
///
/// Global indexes may have several attributes in either part of theirs:
/// [multi-attribute keys](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html)
struct KeySchema: Sendable, Hashable {
    /// Of either part of a global index's key.
    static let attributeLimit = 4

    /// The first attribute of the partition key: a table's only one.
    let partition: KeyAttribute
    /// The first attribute of the sort key: a table's only one.
    let sort: KeyAttribute?
    let partitions: [KeyAttribute]
    let sorts: [KeyAttribute]

    init(partition: KeyAttribute, sort: KeyAttribute?) {
        self.init(partition: partition, others: [], sorts: sort.map { [$0] } ?? [])
    }

    /// - Parameter others: of the partition key.
    init(partition: KeyAttribute, others: [KeyAttribute], sorts: [KeyAttribute]) {
        self.partition = partition
        partitions = [partition] + others
        sort = sorts.first
        self.sorts = sorts
    }

    /// Either part has several attributes.
    var isComposite: Bool { partitions.count > 1 || sorts.count > 1 }
    var attributes: [KeyAttribute] { partitions + sorts }
    var names: [Text] { attributes.map(\.name) }

    func contains(_ name: Text) -> Bool {
        partition.name == name || sort?.name == name || (isComposite && names.contains(name))
    }

    /// The key attributes of an item.
    func key(of item: AttributeMap) -> AttributeMap {
        var key = AttributeMap()
        for attribute in attributes { key[attribute.name] = item[attribute.name] }
        return key
    }

    /// The bytes an item with this key is stored under; `nil` where an attribute is missing or of another type.
    func encode(_ item: AttributeMap) -> [UInt8]? {
        guard let prefix = encodePartition(of: item) else { return nil }
        var encoder = KeyEncoder(prefix: prefix)
        for sort in sorts {
            guard let value = item[sort.name], value.kind == sort.kind else { return nil }
            encoder.append(value)
        }
        return encoder.bytes
    }

    private func encodePartition(of item: AttributeMap) -> [UInt8]? {
        guard let first = item[partition.name], first.kind == partition.kind else { return nil }
        guard partitions.count > 1 else { return KeyEncoder.partition(first) }
        var values: [AttributeValue] = []
        for attribute in partitions {
            guard let value = item[attribute.name], value.kind == attribute.kind else { return nil }
            values.append(value)
        }
        return KeyEncoder.partition(of: values)
    }
}

/// The rules for keys in requests.
extension KeySchema {
    /// Checks a `Key` parameter: these attributes and no others.
    func validate(key: AttributeMap) throws(ServiceError) {
        guard key.count == attributes.count else { throw .keyMismatch }
        for attribute in attributes {
            guard let value = key[attribute.name], value.kind == attribute.kind else { throw .keyMismatch }
            guard !value.isEmptyKey else { throw .emptyKey(value, attribute) }
        }
        try checkSize(of: key)
    }

    /// Checks the key attributes of an item to be put.
    func validate(item: AttributeMap) throws(ServiceError) {
        for attribute in attributes {
            guard let value = item[attribute.name] else {
                throw .invalidParameter("Missing the key \(attribute.name) in the item")
            }
            guard value.kind == attribute.kind else {
                throw .invalidParameter(
                    "Type mismatch for key \(attribute.name) expected: \(attribute.kind.rawValue) "
                        + "actual: \(value.kind.rawValue)")
            }
            guard !value.isEmptyKey else { throw .emptyKey(value, attribute) }
        }
        try checkSize(of: item)
    }

    /// Checks what an item holds under the key attributes of an index; they may be missing.
    func validate(item: AttributeMap, forIndex index: String) throws(ServiceError) {
        for attribute in attributes {
            guard let value = item[attribute.name] else { continue }
            guard value.kind == attribute.kind else {
                throw .invalidParameter(
                    "Type mismatch for Index Key \(attribute.name) Expected: \(attribute.kind.rawValue) "
                        + "Actual: \(value.kind.rawValue) IndexName: \(index)")
            }
            guard !value.isEmptyKey else { throw .emptyIndexKey(value, attribute, of: index) }
        }
        try checkSize(of: item)
    }

    /// The attributes of either part together; numbers are never too long.
    private func checkSize(of item: AttributeMap) throws(ServiceError) {
        if Self.size(of: partitions, in: item) > ItemLimits.partitionKeySize {
            // AWS's own text has no space before the number.
            throw .invalidParameter(
                "Size of hashkey has exceeded the maximum size limit of\(ItemLimits.partitionKeySize) bytes")
        }
        if Self.size(of: sorts, in: item) > ItemLimits.sortKeySize {
            throw .invalidParameter(
                "Aggregated size of all range keys has exceeded the size limit of \(ItemLimits.sortKeySize) bytes")
        }
    }

    private static func size(of attributes: [KeyAttribute], in item: AttributeMap) -> Int {
        var size = 0
        for attribute in attributes where attribute.kind != .number { size += item[attribute.name]?.size ?? 0 }
        return size
    }
}

extension AttributeValue {
    var isEmptyKey: Bool {
        switch self {
        case .string(let text): text.string.isEmpty
        case .binary(let bytes): bytes.isEmpty
        default: false
        }
    }

    var emptyName: String { kind == .string ? "string" : "binary" }
}
