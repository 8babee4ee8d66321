/// A value inside a `JSONDocument`: a reference, read on demand.
public struct JSONValue: Sendable {
    public enum Kind: String, Sendable {
        case null, bool, number, string, array, object
    }

    @usableFromInline let document: JSONDocument
    let index: Int

    private var token: UInt64 { document.tape[index] }

    public var kind: Kind {
        switch TapeToken.kind(token) {
        case TapeToken.null: .null
        case TapeToken.false, TapeToken.true: .bool
        case TapeToken.number: .number
        case TapeToken.array: .array
        case TapeToken.object: .object
        default: .string
        }
    }

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
    public func withStringBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result? {
        let token = token
        let kind = TapeToken.kind(token)
        guard kind == TapeToken.string || kind == TapeToken.escapedString else { return nil }
        return try withBytes(start: TapeToken.start(token), count: TapeToken.payload(token)) { text in
            guard kind == TapeToken.escapedString else { return try body(text) }
            return try StringUnescaper.unescape(text).withUnsafeBufferPointer(body)
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

    /// The nearest double of a number; `nil` for any other kind.
    public var double: Double? { numberText.flatMap(Double.init) }

    /// The bytes of the value as they stand in the text, white space inside included.
    public var rawBytes: ArraySlice<UInt8> { document.bytes[rawRange] }

    /// The member of an object under a name; the last one where a name is repeated, as AWS reads it.
    public subscript(name: String) -> JSONValue? {
        var found: JSONValue?
        forEachMember { member in
            if member.isNamed(name) { found = member.value }
        }
        return found
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

    @inline(__always) func forEachMember(_ body: (JSONMember) -> Void) {
        for member in members { body(member) }
    }

    /// The tape index behind this value.
    var next: Int {
        let token = token
        switch TapeToken.kind(token) {
        case TapeToken.array, TapeToken.object: return TapeToken.payload(token) + 1
        default: return index + 1
        }
    }

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
    let key: JSONValue
    public let value: JSONValue

    public var name: String { key.string ?? "" }

    /// The name's bytes, unescaped and borrowed.
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
        let value = JSONValue(document: document, index: index + 1)
        index = value.next
        return JSONMember(key: key, value: value)
    }
}
