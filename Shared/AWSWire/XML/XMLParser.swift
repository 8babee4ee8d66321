/// Parses the XML that SDKs send: elements, attributes, text, CDATA, comments.
///
/// Document types are refused, so there are no entities but the five of XML and character references. UTF-8 only.
struct XMLParser {
    struct Limits: Sendable {
        var size = 16 << 20
        var depth = 64
        var elements = 200_000
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var position = 0
    private var elementCount = 0

    /// The root element.
    static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(WireFault) -> XMLElement {
        guard bytes.count <= limits.size else { throw WireFault(.tooLarge, "XML too long") }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw WireFault(.malformed, "XML is not UTF-8") }
        var parser = XMLParser(bytes: bytes, limits: limits)
        return try parser.document()
    }

    private init(bytes: [UInt8], limits: Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func document() throws(WireFault) -> XMLElement {
        _ = skip("\u{feff}")
        try skipMiscellany()
        guard skip("<") else { throw malformed("no root element") }
        let root = try element(depth: 0)
        try skipMiscellany()
        guard position == bytes.count else { throw malformed("content after the root element") }
        return root
    }

    /// White space, comments and processing instructions.
    private mutating func skipMiscellany() throws(WireFault) {
        while true {
            skipSpace()
            if skip("<!--") {
                try skipPast("-->")
            } else if skip("<?") {
                try skipPast("?>")
            } else if starts("<!") {
                throw malformed("document type declarations are refused")
            } else {
                return
            }
        }
    }

    /// After `<`.
    private mutating func element(depth: Int) throws(WireFault) -> XMLElement {
        elementCount += 1
        guard depth < limits.depth, elementCount <= limits.elements else {
            throw WireFault(.tooLarge, "XML nested too deeply or too long")
        }
        let qualified = try name()
        var element = XMLElement(name: XMLParser.localName(qualified))
        while true {
            let hadSpace = skipSpace()
            if skip("/>") { return element }
            if skip(">") { break }
            guard hadSpace else { throw malformed("no space before an attribute") }
            element.attributes.append(try attribute(after: element.attributes))
        }
        try content(of: &element, qualified, depth: depth)
        return element
    }

    private mutating func content(of element: inout XMLElement, _ qualified: String, depth: Int) throws(WireFault) {
        while true {
            try characterData(to: &element.text)
            if skip("</") {
                guard try name() == qualified else { throw malformed("end tag of another element") }
                skipSpace()
                guard skip(">") else { throw malformed("unfinished end tag") }
                return
            } else if skip("<!--") {
                try skipPast("-->")
            } else if skip("<![CDATA[") {
                let start = position
                try skipPast("]]>")
                element.text += String(decoding: bytes[start..<position - 3], as: UTF8.self)
            } else if skip("<?") {
                try skipPast("?>")
            } else if skip("<") {
                element.children.append(try self.element(depth: depth + 1))
            } else {
                throw malformed("unexpected end")
            }
        }
    }

    private mutating func attribute(after others: [XMLElement.Attribute]) throws(WireFault) -> XMLElement.Attribute {
        let name = try name()
        skipSpace()
        guard skip("="), others.allSatisfy({ $0.name != name }), others.count < 64 else {
            throw malformed("bad attribute \(name.prefix(64))")
        }
        skipSpace()
        guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw malformed("attribute without quotes")
        }
        position += 1
        var value = ""
        while let byte = next, byte != quote {
            if byte == UInt8(ascii: "<") { throw malformed("< in an attribute") }
            if byte == UInt8(ascii: "&") {
                value.unicodeScalars.append(try reference())
            } else {
                let start = position
                while let byte = next, byte != quote, byte != UInt8(ascii: "&"), byte != UInt8(ascii: "<") {
                    position += 1
                }
                value += String(decoding: bytes[start..<position], as: UTF8.self)
            }
        }
        guard next == quote else { throw malformed("unfinished attribute") }
        position += 1
        return XMLElement.Attribute(name: name, value: value)
    }

    private mutating func characterData(to text: inout String) throws(WireFault) {
        while let byte = next, byte != UInt8(ascii: "<") {
            if byte == UInt8(ascii: "&") {
                text.unicodeScalars.append(try reference())
            } else {
                let start = position
                while let byte = next, byte != UInt8(ascii: "<"), byte != UInt8(ascii: "&") { position += 1 }
                text += String(decoding: bytes[start..<position], as: UTF8.self)
            }
        }
    }

    private mutating func reference() throws(WireFault) -> Unicode.Scalar {
        for (name, scalar) in XMLParser.entities where skip(name) { return scalar }
        guard skip("&#") else { throw malformed("unknown entity") }
        let radix = skip("x") ? 16 : 10
        var value: UInt32 = 0
        var count = 0
        while let byte = next, let digit = Int(String(UnicodeScalar(byte)), radix: radix), count < 8 {
            value = value &* UInt32(radix) &+ UInt32(digit)
            position += 1
            count += 1
        }
        guard count > 0, skip(";"), value != 0, let scalar = Unicode.Scalar(value) else {
            throw malformed("bad character reference")
        }
        return scalar
    }

    private static let entities: [(String, Unicode.Scalar)] = [
        ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\""), ("&apos;", "'"),
    ]

    // MARK: Lexical parts

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func name() throws(WireFault) -> String {
        let start = position
        while let byte = next, XMLParser.isNameByte(byte) { position += 1 }
        guard position > start, position - start <= 256 else { throw malformed("no name") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...0xff:
            true
        default: false
        }
    }

    private static func localName(_ name: String) -> String {
        name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }

    @discardableResult private mutating func skipSpace() -> Bool {
        let start = position
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
        return position > start
    }

    private func starts(_ text: String) -> Bool {
        bytes.count - position >= text.utf8.count
            && bytes[position..<position + text.utf8.count].elementsEqual(text.utf8)
    }

    private mutating func skip(_ text: String) -> Bool {
        guard starts(text) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func skipPast(_ end: String) throws(WireFault) {
        while position < bytes.count {
            if skip(end) { return }
            position += 1
        }
        throw malformed("unexpected end")
    }

    private func malformed(_ reason: String) -> WireFault {
        WireFault(.malformed, "malformed XML at offset \(position): \(reason)")
    }
}
