import Testing

@testable import JSON

/// Strings are scanned eight bytes at a time: each case must hold wherever it lies in a word.
@Suite struct PlainTextTests {
    @Test("Whatever a string holds, wherever it stands, is read back as it was written")
    func everyPlace() throws {
        let marks = ["\"", "\\", "\n", "\u{0}", "\u{1f}", "\u{7f}", "é", "😀", "/", "\u{2028}", "!", "#", "[", "]", " "]
        for mark in marks {
            for before in 0...17 {
                for after in [0, 1, 7, 8, 9] {
                    let text = String(repeating: "x", count: before) + mark + String(repeating: "y", count: after)
                    var json = JSONWriter()
                    json.object { $0.member(text, text + mark) }
                    let value = try JSONDocument(json.bytes).root
                    #expect(value[text]?.string == text + mark, "\(mark.unicodeScalars) behind \(before)")
                    #expect(value.members.map(\.name) == [text])
                }
            }
        }
    }

    @Test("The first byte to stop at is found, also when the next ones look like it after a borrow")
    func firstMark() {
        // Taking one from a byte below borrows from the bytes above it: those must not hide or move the mark.
        for bytes: [UInt8] in [
            [0x61, 0x22, 0x23, 0x21, 0x61, 0x61, 0x61, 0x61], [0x61, 0x5c, 0x5d, 0x5b, 0x61, 0x61, 0x61, 0x61],
            [0x61, 0x1f, 0x20, 0x21, 0x80, 0xff, 0x61, 0x61], [0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7f, 0x80, 0x22],
        ] {
            let expected = bytes.firstIndex { $0 == 0x22 || $0 == 0x5c || $0 < 0x20 } ?? bytes.count
            bytes.withUnsafeBufferPointer {
                #expect(PlainText.end(in: $0, from: 0, stopsAtNonASCII: false) == expected)
            }
        }
    }

    @Test("A member is found under an escaped name and never under a longer or shorter one")
    func memberNames() throws {
        let value = try JSONDocument(Array(#"{"na\u006de":1,"name2":2,"nam":3,"inner":{"name":4}}"#.utf8)).root
        #expect(value["name"]?.int64 == 1)
        #expect(value["nam"]?.int64 == 3)
        #expect(value["na"]?.kind == nil)
        #expect(value["inner"]?["name"]?.int64 == 4)
        #expect(value["name"]?["name"]?.kind == nil)
    }
}
