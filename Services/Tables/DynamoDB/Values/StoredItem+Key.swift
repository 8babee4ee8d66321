/// Keys of items that were not read into values.
extension KeySchema {
    /// The bytes an item is stored under; `nil` where a key attribute is missing, or not as a key's must be.
    func encode(_ item: StoredItem) -> [UInt8]? {
        item.bytes.withUnsafeBufferPointer { bytes in
            let limits = (partition: ItemLimits.partitionKeySize, sort: ItemLimits.sortKeySize)
            guard let content = try? ItemReader.keyContent(of: partition, limit: limits.partition, in: bytes) else {
                return nil
            }
            var encoder = KeyEncoder(prefix: KeyEncoder.partition(partition.kind, stored: content))
            if let sort {
                guard let content = try? ItemReader.keyContent(of: sort, limit: limits.sort, in: bytes) else {
                    return nil
                }
                encoder.append(sort.kind, stored: content)
            }
            return encoder.bytes
        }
    }
}

extension StoredItem {
    /// Names are sorted: an empty one comes first.
    var hasEmptyName: Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var reader = ItemReader(bytes)
            guard (try? reader.header()) != nil, let count = try? reader.varint(), count > 0 else { return false }
            return (try? reader.varint()) == 0
        }
    }
}

extension ItemReader {
    /// The content of an attribute that can be a key's; `nil` for one that is missing, of another type, empty or
    /// too long.
    fileprivate static func keyContent(
        of attribute: KeyAttribute, limit: Int, in bytes: UnsafeBufferPointer<UInt8>
    ) throws(DamagedItem) -> UnsafeBufferPointer<UInt8>? {
        var reader = ItemReader(bytes)
        guard try reader.find(attribute.name) else { return nil }
        switch (try reader.byte(), attribute.kind) {
        case (ItemFormat.number, .number): return try reader.encodedNumber()
        case (ItemFormat.string, .string), (ItemFormat.binary, .binary):
            let content = try reader.blob()
            return (1...limit).contains(content.count) ? content : nil
        default: return nil
        }
    }

    /// Steps from the beginning of an item to an attribute's value. False where there is none of that name.
    private mutating func find(_ name: Text) throws(DamagedItem) -> Bool {
        _ = try header()
        for _ in 0..<(try varint()) {
            let other = try blob()
            if name.withBytes({ ByteOrder.compare($0, other) == 0 }) { return true }
            try skipValue()
        }
        return false
    }
}
