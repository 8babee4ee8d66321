import Bytes
import Time

/// Writes one JSON text, members in the order they are given.
///
///     var json = JSONWriter()
///     json.object { json in
///         json.member("QueueUrl", url)
///         json.member("Tags") { $0.array { for tag in tags { $0.value(tag) } } }
///     }
public struct JSONWriter: Sendable {
    public internal(set) var bytes: [UInt8] = []
    var needsComma = false

    public init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// Makes room once for what is known to come.
    public mutating func reserve(_ more: Int) { bytes.reserveCapacity(bytes.count + more) }

    // MARK: Containers

    public mutating func object<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try container(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    public mutating func array<Failure: Error>(_ body: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
        try container(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// Opens an object that `endObject()` closes, where a closure is in the way.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    // MARK: Members of the object being written

    public mutating func member(_ name: String, _ value: some JSONWritable) {
        self.name(name)
        self.value(value)
    }

    /// As the general form, which is not specialized across modules.
    public mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    /// Writes nothing for `nil`.
    public mutating func member(_ name: String, _ value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }

    /// A member whose value `body` writes: exactly one.
    public mutating func member<Failure: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        self.name(name)
        try body(&self)
    }

    /// A member's name; its value must follow.
    public mutating func name(_ name: String) {
        var name = name
        name.withUTF8 { self.name(utf8: $0) }
    }

    /// A member's name from its UTF-8 bytes, without a `String` in between.
    public mutating func name(utf8 name: UnsafeBufferPointer<UInt8>) {
        appendQuoted(utf8: name, isName: true)
    }

    // MARK: Values

    public mutating func value(_ value: some JSONWritable) { value.writeValue(to: &self) }

    public mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(utf8: $0) }
    }

    /// A string from its UTF-8 bytes, which must be well-formed.
    public mutating func string(utf8 text: UnsafeBufferPointer<UInt8>) {
        appendQuoted(utf8: text, isName: false)
    }

    /// As the general form, which is not specialized across modules.
    public mutating func number(_ number: Int64) { DecimalText.with(number) { raw($0) } }

    public mutating func number(_ number: some FixedWidthInteger) {
        separate()
        var text = String(number)
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Not a number and the infinities are written as AWS's JSON protocols do: as strings.
    public mutating func number(_ number: Double) {
        if number.isFinite {
            separate()
            let whole = Int64(exactly: number)
            bytes.append(contentsOf: (whole.map(String.init) ?? number.description).utf8)
        } else {
            string(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
        }
    }

    public mutating func bool(_ bool: Bool) { raw(bool ? "true".utf8 : "false".utf8) }

    public mutating func null() { raw("null".utf8) }

    /// Bytes that are already one JSON value.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// As the general form; items of databases come this way, and generics are not specialized across modules.
    public mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }

    public mutating func raw(_ json: UnsafeBufferPointer<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    // MARK: Parts

    private mutating func container<Failure: Error>(
        _ opening: UInt8, _ closing: UInt8, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open(opening)
        try body(&self)
        close(closing)
    }

    private mutating func open(_ opening: UInt8) {
        separate()
        bytes.append(opening)
        needsComma = false
    }

    private mutating func close(_ closing: UInt8) {
        bytes.append(closing)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// A string, or a name with its colon. Few texts need an escape: the others are one append with all around them.
    private mutating func appendQuoted(utf8 text: UnsafeBufferPointer<UInt8>, isName: Bool) {
        let plain = PlainText.end(in: text, from: 0, stopsAtNonASCII: false)
        if plain == text.count {
            let comma = needsComma
            bytes.append(addingCapacity: text.count + 4) { span in
                if comma { span.append(UInt8(ascii: ",")) }
                span.append(UInt8(ascii: "\""))
                span.append(copying: text)
                span.append(UInt8(ascii: "\""))
                if isName { span.append(UInt8(ascii: ":")) }
            }
        } else {
            separate()
            bytes.append(UInt8(ascii: "\""))
            appendEscaped(text, firstEscape: plain)
            bytes.append(UInt8(ascii: "\""))
            if isName { bytes.append(UInt8(ascii: ":")) }
        }
        needsComma = !isName
    }

    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, firstEscape: Int) {
        var start = 0
        var end = firstEscape
        while end < text.count {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
            appendEscape(of: text[end])
            start = end + 1
            end = PlainText.end(in: text, from: start, stopsAtNonASCII: false)
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    private mutating func appendEscape(of byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5c: bytes.append(byte)
        case 0x0a: bytes.append(UInt8(ascii: "n"))
        case 0x0d: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(contentsOf: Hex.encode(CollectionOfOne(byte)))
        }
    }
}

/// A type that can be written as one JSON value.
public protocol JSONWritable {
    func writeValue(to json: inout JSONWriter)
}

/// A structure of an operation's output: `write(to:)` writes its members into an object that is already open.
public protocol OutputShape: JSONWritable, Sendable {
    func write(to json: inout JSONWriter)
}

extension OutputShape {
    public func writeValue(to json: inout JSONWriter) { json.object { write(to: &$0) } }
}

/// The output of an operation that answers nothing.
public struct NoOutput: OutputShape {
    public init() {}
    public func write(to json: inout JSONWriter) {}
}

extension String: JSONWritable {
    public func writeValue(to json: inout JSONWriter) { json.string(self) }
}
extension Bool: JSONWritable {
    public func writeValue(to json: inout JSONWriter) { json.bool(self) }
}
extension Int: JSONWritable {
    public func writeValue(to json: inout JSONWriter) { json.number(Int64(self)) }
}
extension Int64: JSONWritable {
    public func writeValue(to json: inout JSONWriter) { json.number(self) }
}
extension Double: JSONWritable {
    public func writeValue(to json: inout JSONWriter) { json.number(self) }
}
extension Blob: JSONWritable {
    public func writeValue(to json: inout JSONWriter) { json.string(Base64.string(bytes)) }
}
extension Timestamp: JSONWritable {
    /// Seconds since 1970, with three decimals where there are milliseconds.
    public func writeValue(to json: inout JSONWriter) {
        let fraction = milliseconds - seconds * 1000
        json.number(seconds)
        guard fraction != 0, milliseconds > 0 else { return }
        json.bytes.append(addingCapacity: 4) { span in
            span.append(UInt8(ascii: "."))
            span.append(UInt8(ascii: "0") + UInt8(fraction / 100))
            span.append(UInt8(ascii: "0") + UInt8(fraction / 10 % 10))
            span.append(UInt8(ascii: "0") + UInt8(fraction % 10))
        }
    }
}
extension JSONValue: JSONWritable {
    public func writeValue(to json: inout JSONWriter) { json.raw(rawBytes) }
}
extension Array: JSONWritable where Element: JSONWritable {
    public func writeValue(to json: inout JSONWriter) {
        json.array { json in
            for element in self { json.value(element) }
        }
    }
}
extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    /// Names in ascending order, so that equal dictionaries are equal texts.
    public func writeValue(to json: inout JSONWriter) {
        json.object { json in
            for (name, value) in sorted(by: { $0.key < $1.key }) { json.member(name, value) }
        }
    }
}
