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
        append("<")
        append(name)
        for (name, value) in attributes where !value.isEmpty {
            append(" ")
            append(name)
            append("=\"")
            escape(value, inAttribute: true)
            append("\"")
        }
        append(">")
    }

    mutating func close(_ name: String) {
        append("</")
        append(name)
        bytes.append(UInt8(ascii: ">"))
    }

    mutating func text(_ text: String) { escape(text, inAttribute: false) }

    mutating func text(utf8 text: UnsafeBufferPointer<UInt8>) { escape(utf8: text, inAttribute: false) }

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
        for (index, byte) in text.enumerated() where byte <= UInt8(ascii: ">") {
            guard let escape = Self.escape(of: byte, inAttribute: inAttribute) else { continue }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            append(escape)
            start = index + 1
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
