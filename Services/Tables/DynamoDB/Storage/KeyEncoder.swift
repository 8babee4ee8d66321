/// Builds the byte strings items are stored under, whose order is the order of Query.
///
///     key = hash:4  part+      (the hash of all parts of the partition)
///     S, B: the bytes, 00 written as 00 ff, then 00 00       N: its key encoding
///
/// The hash of the partition comes first: it spreads partitions evenly, so that the segments of a parallel scan are
/// equal ranges. Every part ends itself; no part's bytes can run into the next one's.
struct KeyEncoder {
    private static let hashSize = 4

    private(set) var bytes: [UInt8] = []

    /// All keys of a partition begin with these bytes.
    static func partition(_ value: AttributeValue) -> [UInt8] { partition { $0.append(value) } }

    /// The same for a key of several attributes.
    static func partition(of values: [AttributeValue]) -> [UInt8] {
        partition { part in for value in values { part.append(value) } }
    }

    /// The same of a stored value.
    static func partition(_ kind: AttributeValue.Kind, stored content: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        partition { $0.append(kind, stored: content) }
    }

    private static func partition(_ append: (inout KeyEncoder) -> Void) -> [UInt8] {
        var part = KeyEncoder()
        part.bytes.reserveCapacity(64)
        part.bytes.append(contentsOf: repeatElement(0, count: hashSize))
        append(&part)
        let hash = hash(part.bytes[hashSize...])
        for index in 0..<hashSize { part.bytes[index] = UInt8(truncatingIfNeeded: hash >> (24 - 8 * UInt32(index))) }
        return part.bytes
    }

    init(prefix: [UInt8] = []) { bytes = prefix }

    mutating func append(_ value: AttributeValue) {
        switch value {
        case .number(let number): number.appendKeyBytes(to: &bytes)
        case .string(let text):
            text.withBytes { appendEscaped($0) }
            bytes.append(contentsOf: [0, 0])
        case .binary(let blob):
            blob.withUnsafeBufferPointer { appendEscaped($0) }
            bytes.append(contentsOf: [0, 0])
        default: break
        }
    }

    /// Appends a value as `ItemEncoder` wrote its content: numbers are kept in their key encoding.
    mutating func append(_ kind: AttributeValue.Kind, stored content: UnsafeBufferPointer<UInt8>) {
        guard kind != .number else { return bytes.append(contentsOf: content) }
        appendEscaped(content)
        bytes.append(contentsOf: [0, 0])
    }

    /// The beginning of all parts whose value begins with `prefix`.
    mutating func appendOpen(prefix: AttributeValue) {
        switch prefix {
        case .string(let text): text.withBytes { appendEscaped($0) }
        case .binary(let blob): blob.withUnsafeBufferPointer { appendEscaped($0) }
        default: break
        }
    }

    private mutating func appendEscaped(_ content: UnsafeBufferPointer<UInt8>) {
        guard content.contains(0) else { return bytes.append(contentsOf: content) }
        for byte in content {
            bytes.append(byte)
            if byte == 0 { bytes.append(0xff) }
        }
    }

    /// FNV-1a, its bits mixed at the end (MurmurHash3's finalizer): stable for ever, files depend on it.
    static func hash(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash ^= hash >> 33
        hash = hash &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        return UInt32(truncatingIfNeeded: hash >> 32)
    }
}

/// Keys from `lower` on and below `upper`.
struct KeyRange: Sendable, Equatable {
    var lower: [UInt8]
    /// `nil`: to the end.
    var upper: [UInt8]?

    static let everything = KeyRange(lower: [], upper: nil)

    init(lower: [UInt8], upper: [UInt8]?) {
        self.lower = lower
        self.upper = upper
    }

    /// All keys that begin with `prefix`.
    init(prefix: [UInt8]) { self.init(lower: prefix, upper: Self.end(ofPrefix: prefix)) }

    /// One of `count` equal parts of all partitions.
    init(segment: Int, of count: Int) {
        func bound(_ index: Int) -> [UInt8] {
            let hash = UInt64(index) * (1 << 32) / UInt64(count)
            return (0..<4).map { UInt8(truncatingIfNeeded: hash >> (24 - 8 * UInt64($0))) }
        }
        self.init(lower: bound(segment), upper: segment + 1 == count ? nil : bound(segment + 1))
    }

    /// The keys of a partition that pass a test of the sort key.
    init(partition: [UInt8], sort test: KeyCondition.Test?) {
        self.init(prefix: partition)
        func key(_ value: AttributeValue) -> [UInt8] {
            var encoder = KeyEncoder(prefix: partition)
            encoder.append(value)
            return encoder.bytes
        }
        switch test {
        case nil, .comparison(.notEqual, _), .unindexable: break
        case .comparison(.equal, let value): self = KeyRange(prefix: key(value))
        case .comparison(.less, let value): upper = key(value)
        case .comparison(.lessOrEqual, let value): upper = Self.end(ofPrefix: key(value))
        case .comparison(.greaterOrEqual, let value): lower = key(value)
        case .comparison(.greater, let value): lower = Self.end(ofPrefix: key(value)) ?? lower
        case .between(let low, let high):
            lower = key(low)
            upper = Self.end(ofPrefix: key(high))
        case .beginsWith(let prefix):
            var encoder = KeyEncoder(prefix: partition)
            encoder.appendOpen(prefix: prefix)
            self = KeyRange(prefix: encoder.bytes)
        }
    }

    func contains(_ key: [UInt8]) -> Bool {
        !ByteOrder.isOrdered(key, lower) && (upper.map { ByteOrder.isOrdered(key, $0) } ?? true)
    }

    /// What is left behind the last key of a page, in the direction of reading.
    mutating func resume(after key: [UInt8], forward: Bool) {
        if forward {
            let next = key + [0]
            if ByteOrder.isOrdered(lower, next) { lower = next }
        } else if upper.map({ ByteOrder.isOrdered(key, $0) }) ?? true {
            upper = key
        }
    }

    /// The first byte string behind all that begin with `prefix`; `nil` if there is none.
    static func end(ofPrefix prefix: [UInt8]) -> [UInt8]? {
        var end = prefix
        while let last = end.popLast() {
            if last < 0xff { return end + [last + 1] }
        }
        return nil
    }
}
