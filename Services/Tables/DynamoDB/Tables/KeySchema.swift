import ServiceKit

/// An attribute that is part of a key, with its type.
struct KeyAttribute: Sendable, Hashable {
    let name: Text
    let kind: AttributeValue.Kind
}

/// The key of a table or an index.
struct KeySchema: Sendable, Hashable {
    let partition: KeyAttribute
    let sort: KeyAttribute?

    var attributes: [KeyAttribute] { sort.map { [partition, $0] } ?? [partition] }
    var names: [Text] { attributes.map(\.name) }

    func contains(_ name: Text) -> Bool { partition.name == name || sort?.name == name }

    /// The key attributes of an item.
    func key(of item: AttributeMap) -> AttributeMap {
        var key = AttributeMap()
        for attribute in attributes { key[attribute.name] = item[attribute.name] }
        return key
    }

    /// The bytes an item with this key is stored under; `nil` where an attribute is missing or of another type.
    func encode(_ item: AttributeMap) -> [UInt8]? {
        guard let value = item[partition.name], value.kind == partition.kind else { return nil }
        var encoder = KeyEncoder(prefix: KeyEncoder.partition(value))
        if let sort {
            guard let value = item[sort.name], value.kind == sort.kind else { return nil }
            encoder.append(value)
        }
        return encoder.bytes
    }
}

/// The rules for keys in requests.
extension KeySchema {
    /// Checks a `Key` parameter: these attributes and no others.
    func validate(key: AttributeMap) throws(ServiceError) {
        guard key.count == attributes.count else { throw .keyMismatch }
        for attribute in attributes {
            guard let value = key[attribute.name], value.kind == attribute.kind else { throw .keyMismatch }
            guard !value.isEmptyKey else {
                throw .validation(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                        + "an empty \(value.emptyName) value. Key: \(attribute.name)")
            }
            try checkSize(of: value, isPartition: attribute == partition)
        }
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
            guard !value.isEmptyKey else {
                throw .validation(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                        + "an empty \(value.emptyName) value. Key: \(attribute.name)")
            }
            try checkSize(of: value, isPartition: attribute == partition)
        }
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
            guard !value.isEmptyKey else {
                throw .validation(
                    "One or more parameter values are not valid. A value specified for a secondary index key is not "
                        + "supported. The AttributeValue for a key attribute cannot contain an empty "
                        + "\(value.emptyName) value. IndexName: \(index), IndexKey: \(attribute.name)")
            }
            try checkSize(of: value, isPartition: attribute == partition)
        }
    }

    private func checkSize(of value: AttributeValue, isPartition: Bool) throws(ServiceError) {
        guard value.kind != .number else { return }
        if isPartition, value.size > ItemLimits.partitionKeySize {
            // AWS's own text has no space before the number.
            throw .invalidParameter(
                "Size of hashkey has exceeded the maximum size limit of\(ItemLimits.partitionKeySize) bytes")
        }
        if !isPartition, value.size > ItemLimits.sortKeySize {
            throw .invalidParameter(
                "Aggregated size of all range keys has exceeded the size limit of \(ItemLimits.sortKeySize) bytes")
        }
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
