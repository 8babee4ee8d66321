import Time

/// A value of a document while its memory is lent: reading it and what is inside counts no references.
///
/// Valid within the `JSONValue.lend` that made it.
public struct JSONView {
    @usableFromInline let text: UnsafeBufferPointer<UInt8>
    @usableFromInline let tape: UnsafeBufferPointer<UInt64>
    @usableFromInline let index: Int

    @inlinable init(text: UnsafeBufferPointer<UInt8>, tape: UnsafeBufferPointer<UInt64>, index: Int) {
        self.text = text
        self.tape = tape
        self.index = index
    }

    @inlinable var token: UInt64 { tape[index] }

    /// Another value of the same document.
    @inlinable func sibling(at index: Int) -> JSONView { JSONView(text: text, tape: tape, index: index) }

    public var kind: JSONValue.Kind { TapeToken.valueKind(token) }

    @inlinable public var isNull: Bool { TapeToken.kind(token) == TapeToken.null }
    @inlinable public var isObject: Bool { TapeToken.kind(token) == TapeToken.object }
    @inlinable public var isArray: Bool { TapeToken.kind(token) == TapeToken.array }
    @inlinable public var isNumber: Bool { TapeToken.kind(token) == TapeToken.number }
    @inlinable public var isString: Bool {
        TapeToken.kind(token) == TapeToken.string || TapeToken.kind(token) == TapeToken.escapedString
    }

    /// `nil` for any other kind.
    @inlinable public var bool: Bool? {
        switch TapeToken.kind(token) {
        case TapeToken.true: true
        case TapeToken.false: false
        default: nil
        }
    }

    /// The bytes of a string that holds no escape; `nil` for one that does, and for any other kind.
    @inlinable public var plainString: UnsafeBufferPointer<UInt8>? {
        TapeToken.kind(token) == TapeToken.string ? scalarText : nil
    }

    /// The unescaped bytes of a string, borrowed; `nil` for any other kind.
    @inlinable
    public func withStringBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result? {
        if let plainString { return try body(plainString) }
        guard TapeToken.kind(token) == TapeToken.escapedString else { return nil }
        return try unescaped.withUnsafeBufferPointer(body)
    }

    @usableFromInline var unescaped: [UInt8] { StringUnescaper.unescape(scalarText) }

    /// As `withStringBytes`, with room for unescaped bytes that serves again and again.
    public func withStringBytes<Result>(
        unescapedIn room: inout [UInt8], _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        if let plainString { return try body(plainString) }
        guard TapeToken.kind(token) == TapeToken.escapedString else { return nil }
        room.removeAll(keepingCapacity: true)
        StringUnescaper.append(scalarText, to: &room)
        return try room.withUnsafeBufferPointer(body)
    }

    /// A number exactly as it was written: `-1.50e+3`; `nil` for any other kind.
    @inlinable public var numberBytes: UnsafeBufferPointer<UInt8>? { isNumber ? scalarText : nil }

    /// A time as most are written; `nil` for any other value, which may still be one.
    public var plainTime: Timestamp? {
        numberBytes.flatMap(TimeText.thousandths(of:)).map { Timestamp(milliseconds: $0) }
    }

    /// The bytes of a scalar as they stand in the text, without quotes.
    @inlinable var scalarText: UnsafeBufferPointer<UInt8> {
        let start = TapeToken.start(token)
        return UnsafeBufferPointer(rebasing: text[start..<start + TapeToken.payload(token)])
    }

    /// The elements of an array, none for any other kind.
    @inlinable public var elements: JSONViewElements { JSONViewElements(isArray ? self : nil) }

    /// The members of an object in their order, none for any other kind.
    @inlinable public var members: JSONViewMembers { JSONViewMembers(isObject ? self : nil) }

    /// Bytes of the value in the text, quotes and brackets included.
    public var byteCount: Int {
        let token = token
        switch TapeToken.kind(token) {
        case TapeToken.array, TapeToken.object:
            return TapeToken.start(tape[TapeToken.payload(token)]) + 1 - TapeToken.start(token)
        case TapeToken.string, TapeToken.escapedString: return TapeToken.payload(token) + 2
        default: return TapeToken.payload(token)
        }
    }
}

extension JSONValue {
    /// Lends the document's memory, to read much of it at once.
    @inlinable
    public func lend<Result, Failure: Error>(
        _ body: (JSONView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try document.bytes.withUnsafeBufferPointer { (text) throws(Failure) in
            try document.tape.withUnsafeBufferPointer { (tape) throws(Failure) in
                try body(JSONView(text: text, tape: tape, index: index))
            }
        }
    }

    /// The value a view is of, of the same document as this one: to be kept, or read later.
    public func value(of view: JSONView) -> JSONValue { JSONValue(document: document, index: view.index) }
}

/// The values that stand inside an array or an object, of the latter names and values in turn.
public struct JSONViewElements: Sequence, IteratorProtocol {
    @usableFromInline var position: JSONView?
    @usableFromInline let end: Int

    @inlinable init(_ container: JSONView?) {
        end = container.map { TapeToken.payload($0.token) } ?? 0
        position = container.map { $0.sibling(at: $0.index + 1) }
    }

    @inlinable public mutating func next() -> JSONView? {
        guard let value = position, value.index < end else { return nil }
        position = value.sibling(at: TapeToken.next(after: value.token, at: value.index))
        return value
    }
}

public struct JSONViewMembers: Sequence, IteratorProtocol {
    @usableFromInline var parts: JSONViewElements

    @inlinable init(_ object: JSONView?) { parts = JSONViewElements(object) }

    @inlinable public mutating func next() -> (name: JSONView, value: JSONView)? {
        guard let name = parts.next(), let value = parts.next() else { return nil }
        return (name, value)
    }
}
