import Bytes
import Time

/// Writes XML text; names are the model's and need no escaping.
struct XMLWriter {
    private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: how much is expected, so that a long document is not moved again and again.
    init(declaration: Bool = false, capacity: Int = 0) {
        if capacity > 0 { bytes.reserveCapacity(capacity) }
        if declaration { append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }
    }

    mutating func open(_ name: String) {
        bytes.append(UInt8(ascii: "<"))
        append(name)
        bytes.append(UInt8(ascii: ">"))
    }

    /// Attributes with empty values are left out.
    mutating func open(_ name: String, _ attributes: [(String, String)]) {
        begin(name, attributes)
        append(">")
    }

    /// A tag that is not closed yet: more attributes may come.
    mutating func begin(_ name: String, _ attributes: [(String, String)]) {
        append("<")
        append(name)
        for (name, value) in attributes where !value.isEmpty {
            append(" ")
            append(name)
            append("=\"")
            escape(value, inAttribute: true)
            append("\"")
        }
    }

    mutating func close(_ name: String) {
        append("</")
        append(name)
        bytes.append(UInt8(ascii: ">"))
    }

    mutating func text(_ text: String) { escape(text, inAttribute: false) }

    mutating func text(utf8 text: UnsafeBufferPointer<UInt8>) { escape(utf8: text, inAttribute: false) }

    /// What stands between quotation marks.
    mutating func attributeText(_ text: String) { escape(text, inAttribute: true) }

    mutating func iso8601(_ time: Timestamp, milliseconds: Bool?) {
        time.appendISO8601(milliseconds: milliseconds, to: &bytes)
    }

    /// What is XML already.
    mutating func raw(_ xml: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: xml.utf8Start, count: xml.utf8CodeUnitCount))
    }

    /// What is XML already.
    mutating func raw(_ xml: Slice<UnsafeBufferPointer<UInt8>>) {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: xml))
    }

    /// A text between its tags. Few have to be escaped: the others are one append with all around them.
    mutating func element(
        _ opening: Slice<UnsafeBufferPointer<UInt8>>, utf8 text: UnsafeBufferPointer<UInt8>,
        _ closing: Slice<UnsafeBufferPointer<UInt8>>
    ) {
        guard XMLText.end(of: text, from: 0, inAttribute: false) == text.count else {
            raw(opening)
            escape(utf8: text, inAttribute: false)
            return raw(closing)
        }
        bytes.append(addingCapacity: opening.count + text.count + closing.count) { span in
            span.append(copying: UnsafeBufferPointer(rebasing: opening))
            span.append(copying: text)
            span.append(copying: UnsafeBufferPointer(rebasing: closing))
        }
    }

    mutating func element(_ name: String, _ text: String, _ attributes: [(String, String)] = []) {
        open(name, attributes)
        self.text(text)
        close(name)
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    private mutating func escape(_ text: String, inAttribute: Bool) {
        var text = text
        text.withUTF8 { escape(utf8: $0, inAttribute: inAttribute) }
    }

    /// What stands for itself is appended in stretches.
    private mutating func escape(utf8 text: UnsafeBufferPointer<UInt8>, inAttribute: Bool) {
        var start = 0
        var end = XMLText.end(of: text, from: 0, inAttribute: inAttribute)
        while end < text.count {
            if let escape = Self.escape(of: text[end], inAttribute: inAttribute) {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
                append(escape)
                start = end + 1
            }
            end = XMLText.end(of: text, from: end + 1, inAttribute: inAttribute)
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    /// `nil` for a byte that stands for itself.
    private static func escape(of byte: UInt8, inAttribute: Bool) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): inAttribute ? "&quot;" : nil
        case 0x09, 0x0a: inAttribute ? "&#x\(String(byte, radix: 16));" : nil
        // Controls that object keys may have; and white space that a parser would normalise.
        case 0x00..<0x20: "&#x\(String(byte, radix: 16));"
        default: nil
        }
    }
}

/// The stretches of a text that stand for themselves, looked at eight bytes at a time.
private enum XMLText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The offset, from `start` on, of the first control character, `&`, `<`, `>`, or, in an attribute, `"`; the text's
    /// end if there is none.
    @inline(__always)
    static func end(of text: UnsafeBufferPointer<UInt8>, from start: Int, inAttribute: Bool) -> Int {
        guard let base = text.baseAddress else { return start }
        var position = start
        while position + 8 <= text.count {
            let word = UInt64(littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
            let marks = marks(in: word, inAttribute: inAttribute)
            if marks != 0 { return position + marks.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < text.count, !isSpecial(base[position], inAttribute) { position += 1 }
        return position
    }

    private static func isSpecial(_ byte: UInt8, _ inAttribute: Bool) -> Bool {
        switch byte {
        case 0x00..<0x20, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"): true
        case UInt8(ascii: "\""): inAttribute
        default: false
        }
    }

    /// The high bit of each byte to stop at. A borrow may mark bytes above such a one too, never one below it.
    @inline(__always)
    private static func marks(in word: UInt64, inAttribute: Bool) -> UInt64 {
        // One bit tells `"` (0x22) from `&` (0x26), and `<` (0x3c) from `>` (0x3e).
        let and = (inAttribute ? word | ones &* 0x04 : word) ^ (ones &* 0x26)
        let angle = (word | ones &* 0x02) ^ (ones &* 0x3e)
        let special = (and &- ones) & ~and | (angle &- ones) & ~angle | (word &- ones &* 0x20) & ~word
        return special & highs
    }
}
