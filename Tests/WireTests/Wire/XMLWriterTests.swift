import Testing

@testable import AWSWire

@Suite struct XMLWriterTests {
    private static let escapes: [(Character, String)] = [
        ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#xd;"), ("\u{1}", "&#x1;"),
    ]

    private func element(_ text: String) -> String {
        var xml = XMLWriter()
        let tags = Array("<Key></Key>".utf8)
        tags.withUnsafeBufferPointer { tags in
            Array(text.utf8).withUnsafeBufferPointer { xml.element(tags[..<5], utf8: $0, tags[5...]) }
        }
        return String(decoding: xml.bytes, as: UTF8.self)
    }

    @Test("What means something to XML is escaped wherever it stands", arguments: 0..<20)
    func escaping(_ offset: Int) {
        for (character, escape) in Self.escapes {
            let (before, behind) = (String(repeating: "ä", count: offset), String(repeating: "\"'=?", count: offset))
            #expect(element(before + String(character) + behind) == "<Key>\(before)\(escape)\(behind)</Key>")
            #expect(
                element("\(character)\(before)\(character)") == "<Key>\(escape)\(before)\(escape)</Key>")
        }
    }

    @Test("Quotation marks and line ends are escaped in attributes, and stand for themselves in texts")
    func quotes() {
        #expect(element("\"a\tb\"\n<") == "<Key>\"a\tb\"\n&lt;</Key>")
        var xml = XMLWriter()
        xml.open("A", [("b", "12345678\"&<>\n"), ("c", "")])
        #expect(String(decoding: xml.bytes, as: UTF8.self) == #"<A b="12345678&quot;&amp;&lt;&gt;&#xa;">"#)
    }
}
