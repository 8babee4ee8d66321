/// A value inside a `JSONDocument`: a reference, read on demand.
public struct JSONValue: Sendable {
    public enum Kind: String, Sendable {
        case null, bool, number, string, array, object
    }

    @usableFromInline let document: JSONDocument
    @usableFromInline let index: Int

    private var token: UInt64 { document.tape[index] }

    public var kind: Kind { TapeToken.valueKind(token) }

    public var isNull: Bool { TapeToken.kind(token) == TapeToken.null }

    /// `nil` for any other kind.
    public var bool: Bool? {
        switch TapeToken.kind(token) {
        case TapeToken.true: true
        case TapeToken.false: false
        default: nil
        }
    }

    /// The unescaped text of a string; `nil` for any other kind.
    public var string: String? {
        withStringBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The unescaped bytes of a string, borrowed; `nil` for any other kind.
    @inlinable
    public func withStringBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result? {
        switch stringText {
        case .none: nil
        case .plain(let range):
            try document.bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[range])) }
        case .unescaped(let bytes): try bytes.withUnsafeBufferPointer(body)
        }
    }

    /// Where a string's bytes are.
    @usableFromInline enum StringText {
        /// The value is no string.
        case none
        /// As they stand in the document.
        case plain(Range<Int>)
        case unescaped([UInt8])
    }

    @usableFromInline var stringText: StringText {
        let token = token
        let range = TapeToken.start(token)..<TapeToken.start(token) + TapeToken.payload(token)
        switch TapeToken.kind(token) {
        case TapeToken.string: return .plain(range)
        case TapeToken.escapedString:
            return .unescaped(
                document.bytes.withUnsafeBufferPointer {
                    StringUnescaper.unescape(UnsafeBufferPointer(rebasing: $0[range]))
                })
        default: return .none
        }
    }

    /// A number exactly as it was written: `-1.50e+3`; `nil` for any other kind.
    public var numberText: String? {
        let token = token
        guard TapeToken.kind(token) == TapeToken.number else { return nil }
        return withBytes(start: TapeToken.start(token), count: TapeToken.payload(token)) {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// A number that is a whole one within 64 bits, also where it was written `1.0` or `1e3`.
    public var int64: Int64? {
        guard let text = numberText else { return nil }
        if let exact = Int64(text) { return exact }
        guard let double = Double(text), double.rounded() == double, abs(double) < 9.2e18 else { return nil }
        return Int64(double)
    }

    /// See `TimeText.thousandths`; `nil` for any other kind.
    var thousandths: Int64? {
        let token = token
        guard TapeToken.kind(token) == TapeToken.number else { return nil }
        return withBytes(start: TapeToken.start(token), count: TapeToken.payload(token), TimeText.thousandths(of:))
    }

    /// The nearest double of a number; `nil` for any other kind.
    public var double: Double? { numberText.flatMap(Double.init) }

    /// The bytes of the value as they stand in the text, white space inside included.
    public var rawBytes: ArraySlice<UInt8> { document.bytes[rawRange] }

    /// The member of an object under a name; the last one where a name is repeated, as AWS reads it.
    public subscript(name: String) -> JSONValue? {
        var name = name
        return name.withUTF8 { indexOfMember(named: $0) }.map { JSONValue(document: document, index: $0) }
    }

    /// The elements of an array, none for any other kind.
    public var elements: JSONElements {
        let token = token
        guard TapeToken.kind(token) == TapeToken.array else {
            return JSONElements(document: document, index: index, end: index)
        }
        return JSONElements(document: document, index: index + 1, end: TapeToken.payload(token))
    }

    /// The members of an object in their order, none for any other kind.
    public var members: JSONMembers { JSONMembers(object: self) }

    /// The tape index of a member's value. Walks the tape itself: shapes ask for every member they know.
    private func indexOfMember(named name: UnsafeBufferPointer<UInt8>) -> Int? {
        let object = token
        guard TapeToken.kind(object) == TapeToken.object else { return nil }
        return document.bytes.withUnsafeBufferPointer { text in
            document.tape.withUnsafeBufferPointer { tape in
                var found: Int?
                var key = index + 1
                while key < TapeToken.payload(object) {
                    if Self.isKey(tape[key], name, in: text) { found = key + 1 }
                    key = TapeToken.next(after: tape[key + 1], at: key + 1)
                }
                return found
            }
        }
    }

    private static func isKey(
        _ key: UInt64, _ name: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let bytes = UnsafeBufferPointer(
            rebasing: text[TapeToken.start(key)..<TapeToken.start(key) + TapeToken.payload(key)])
        if TapeToken.kind(key) == TapeToken.escapedString {
            return StringUnescaper.unescape(bytes).elementsEqual(name)
        }
        return bytes.count == name.count && bytes.elementsEqual(name)
    }

    /// The tape index behind this value.
    var next: Int { TapeToken.next(after: token, at: index) }

    /// Offsets of the value's bytes in the text, quotes and brackets included.
    public var rawRange: Range<Int> {
        let token = token
        let start = TapeToken.start(token)
        switch TapeToken.kind(token) {
        case TapeToken.array, TapeToken.object:
            return start..<TapeToken.start(document.tape[TapeToken.payload(token)]) + 1
        case TapeToken.string, TapeToken.escapedString:
            return start - 1..<start + TapeToken.payload(token) + 1
        default: return start..<start + TapeToken.payload(token)
        }
    }

    private func withBytes<Result>(
        start: Int, count: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        try document.bytes.withUnsafeBufferPointer {
            try body(UnsafeBufferPointer(rebasing: $0[start..<start + count]))
        }
    }
}

/// A name and its value.
public struct JSONMember: Sendable {
    @usableFromInline let key: JSONValue
    public var value: JSONValue { JSONValue(document: key.document, index: key.index + 1) }

    public var name: String { key.string ?? "" }

    /// The name's bytes, unescaped and borrowed.
    @inlinable
    public func withNameBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        if let result = try key.withStringBytes(body) { return result }
        return try body(UnsafeBufferPointer(start: nil, count: 0))
    }

    /// Compares bytes, without making a `String` of the key.
    public func isNamed(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { expected in
            key.withStringBytes { $0.count == expected.count && $0.elementsEqual(expected) } ?? false
        }
    }
}

public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    /// The elements of nothing, for members that may be absent.
    public static let none = JSONElements(document: JSONDocument.empty, index: 0, end: 0)

    let document: JSONDocument
    var index: Int
    let end: Int

    public mutating func next() -> JSONValue? {
        guard index < end else { return nil }
        let value = JSONValue(document: document, index: index)
        index = value.next
        return value
    }
}

public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    let document: JSONDocument
    var index: Int
    let end: Int

    init(object: JSONValue) {
        document = object.document
        let token = document.tape[object.index]
        let isObject = TapeToken.kind(token) == TapeToken.object
        index = isObject ? object.index + 1 : object.index
        end = isObject ? TapeToken.payload(token) : object.index
    }

    public mutating func next() -> JSONMember? {
        guard index < end else { return nil }
        let key = JSONValue(document: document, index: index)
        index = TapeToken.next(after: document.tape[index + 1], at: index + 1)
        return JSONMember(key: key)
    }
}
