/// Header or trailer fields in the order they arrived: names compare without case, values are bytes made text.
public struct HTTPFields: Sendable, Equatable, Sequence, ExpressibleByDictionaryLiteral {
    public struct Field: Sendable, Equatable {
        /// As it was written; compared without case.
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public private(set) var fields: [Field] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The first value under a name; setting replaces every one, `nil` removes them.
    public subscript(name: String) -> String? {
        get { firstIndex(of: name).map { fields[$0].value } }
        set {
            guard let newValue else { return fields.removeAll { $0.name.equalsIgnoringCase(name) } }
            guard let index = fields.firstIndex(where: { $0.name.equalsIgnoringCase(name) }) else {
                return append(name, newValue)
            }
            fields[index].value = newValue
            if fields.count > index + 1 {
                let duplicates = fields[(index + 1)...].indices.filter { fields[$0].name.equalsIgnoringCase(name) }
                for duplicate in duplicates.reversed() { fields.remove(at: duplicate) }
            }
        }
    }

    public func all(_ name: String) -> [String] {
        fields.filter { $0.name.equalsIgnoringCase(name) }.map(\.value)
    }

    public func contains(_ name: String) -> Bool { firstIndex(of: name) != nil }

    /// Where a name stands for the first time, at or after `start`.
    ///
    /// Lengths are compared first and fields stay where they are: copying each one costs more than comparing it.
    public func firstIndex(of name: String, from start: Int = 0) -> Int? {
        let length = name.utf8.count
        return fields.withUnsafeBufferPointer { fields in
            var index = start
            while index < fields.count {
                if fields[index].name.utf8.count == length, fields[index].name.equalsIgnoringCase(name) { return index }
                index += 1
            }
            return nil
        }
    }

    public mutating func append(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

    public mutating func reserveCapacity(_ count: Int) { fields.reserveCapacity(count) }

    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }
    public var count: Int { fields.count }
}

extension HTTPFields {
    /// Whether `Content-Type` names this media type, in lower case; its parameters do not matter.
    public func hasMediaType(_ name: StaticString) -> Bool {
        guard let type = self["Content-Type"] else { return false }
        let bytes = type.utf8Span.span
        guard bytes.count >= name.utf8CodeUnitCount else { return false }
        for index in 0..<name.utf8CodeUnitCount where bytes[index].asciiLowercased != name.utf8Start[index] {
            return false
        }
        return bytes.count == name.utf8CodeUnitCount || bytes[name.utf8CodeUnitCount] == UInt8(ascii: ";")
    }
}

extension String {
    /// ASCII case is ignored; every other byte must match.
    public func equalsIgnoringCase(_ other: String) -> Bool {
        let left = utf8
        let right = other.utf8
        guard left.count == right.count else { return false }
        let areEqual = left.withContiguousStorageIfAvailable { left in
            right.withContiguousStorageIfAvailable { right in
                var index = 0
                while index < left.count {
                    let (one, two) = (left[index], right[index])
                    guard one == two || one.asciiLowercased == two.asciiLowercased else { return false }
                    index += 1
                }
                return true
            }
        }
        // Every string of Swift's own has contiguous storage.
        return (areEqual ?? nil) ?? zip(left, right).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }

    /// ASCII letters to lower case, without Unicode tables.
    public var asciiLowercased: String {
        guard utf8.contains(where: { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) else { return self }
        return String(decoding: utf8.map(\.asciiLowercased), as: UTF8.self)
    }
}

extension UInt8 {
    public var asciiLowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}
