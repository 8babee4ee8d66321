/// Writes XML text; names are the model's and need no escaping.
struct XMLWriter {
    private(set) var bytes: [UInt8] = []

    init(declaration: Bool = false) {
        if declaration { append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }
    }

    /// Attributes with empty values are left out.
    mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
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
        append(">")
    }

    mutating func text(_ text: String) { escape(text, inAttribute: false) }

    mutating func element(_ name: String, _ text: String, _ attributes: [(String, String)] = []) {
        open(name, attributes)
        self.text(text)
        close(name)
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func escape(_ text: String, inAttribute: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\"") where inAttribute: append("&quot;")
            // White space that a parser would normalise, and controls that object keys may have.
            case 0x09 where inAttribute, 0x0a where inAttribute: append("&#x\(String(byte, radix: 16));")
            case 0x09, 0x0a: bytes.append(byte)
            case 0x00..<0x20: append("&#x\(String(byte, radix: 16));")
            default: bytes.append(byte)
            }
        }
    }
}
