/// Values of unions: an object whose one member names the type, as in `"name":{"S":"text"}`.
///
/// Written at one go: a page of items is thousands of them.
extension JSONWriter {
    /// A string under a tag.
    ///
    /// - Parameters:
    ///   - name: of the member of the object being written; `nil` for an element of an array.
    ///   - tag: stands for itself, as does all of `text` if it `isPlain`.
    public mutating func union(
        named name: UnsafeBufferPointer<UInt8>?, _ tag: StaticString, utf8 text: UnsafeBufferPointer<UInt8>,
        isPlain: Bool = false
    ) {
        guard isPlain || PlainText.isPlain(text), name.map(PlainText.isPlain) ?? true else {
            return escapedUnion(named: name, tag, utf8: text)
        }
        union(named: name, tag, text, quote: UInt8(ascii: "\""))
    }

    /// A value that is already JSON, under a tag.
    public mutating func union(named name: UnsafeBufferPointer<UInt8>?, _ tag: StaticString, raw json: StaticString) {
        guard name.map(PlainText.isPlain) ?? true else {
            if let name { self.name(utf8: name) }
            return union(named: nil, tag, json.bytes, quote: nil)
        }
        union(named: name, tag, json.bytes, quote: nil)
    }

    /// Opens the object of a union with the name of its one member, whose value must follow.
    public mutating func beginUnion(named name: UnsafeBufferPointer<UInt8>?, _ tag: StaticString) {
        if let name { self.name(utf8: name) }
        beginObject()
        self.name(utf8: tag.bytes)
    }

    private mutating func union(
        named name: UnsafeBufferPointer<UInt8>?, _ tag: StaticString, _ text: UnsafeBufferPointer<UInt8>, quote: UInt8?
    ) {
        let comma = needsComma
        let size = (name?.count ?? 0) + tag.utf8CodeUnitCount + text.count + 11
        bytes.append(addingCapacity: size) { span in
            if comma { span.append(UInt8(ascii: ",")) }
            if let name {
                span.append(UInt8(ascii: "\""))
                span.append(copying: name)
                span.append(UInt8(ascii: "\""))
                span.append(UInt8(ascii: ":"))
            }
            span.append(UInt8(ascii: "{"))
            span.append(UInt8(ascii: "\""))
            span.append(copying: tag.bytes)
            span.append(UInt8(ascii: "\""))
            span.append(UInt8(ascii: ":"))
            if let quote { span.append(quote) }
            span.append(copying: text)
            if let quote { span.append(quote) }
            span.append(UInt8(ascii: "}"))
        }
        needsComma = true
    }

    private mutating func escapedUnion(
        named name: UnsafeBufferPointer<UInt8>?, _ tag: StaticString, utf8 text: UnsafeBufferPointer<UInt8>
    ) {
        beginUnion(named: name, tag)
        string(utf8: text)
        endObject()
    }
}

extension StaticString {
    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}
