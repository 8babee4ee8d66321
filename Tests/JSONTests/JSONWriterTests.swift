import JSON
import Testing
import Time

@Suite struct JSONWriterTests {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.object { body(&$0) }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func lent<Result>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        Array(text.utf8).withUnsafeBufferPointer(body)
    }

    @Test(
        "Members written at one go are those written one by one",
        arguments: ["", "plain", "a\"b", "ä\\\n\u{1}", "😀"])
    func members(_ value: String) {
        let byOne = text { json in
            json.member("First", value)
            json.member("Second", "\"" + value + "\"")
        }
        let atOnce = text { json in
            lent(value) { json.member("First", utf8: $0) }
            lent(value) { json.member("Second", inQuotes: $0) }
        }
        #expect(atOnce == byOne)
    }

    @Test("Numbers keep all their digits", arguments: [0, 7, -1, 10, 1_234_567_890, .max, .min] as [Int64])
    func numbers(_ number: Int64) {
        #expect(text { $0.member("n", number) } == #"{"n":\#(number)}"#)
        #expect(text { $0.member("n", number: number) } == #"{"n":\#(number)}"#)
        #expect(text { $0.member("n", Int(number)) } == #"{"n":\#(number)}"#)
    }

    @Test(
        "Times are seconds, with three decimals where there are milliseconds",
        arguments: [
            (0, "0"), (5, "0.005"), (1000, "1"), (1_763_700_000_120, "1763700000.120"),
            (1_763_700_000_999, "1763700000.999"),
        ] as [(Int64, String)])
    func times(_ milliseconds: Int64, _ expected: String) throws {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(text { $0.member("t", time: time) } == #"{"t":\#(expected)}"#)
        let document = try JSONDocument(Array("[\(expected)]".utf8))
        document.root.lend { view in #expect(view.elements.first { _ in true }?.plainTime == time) }
    }

    @Test("Room for unescaped strings is used anew for each")
    func room() throws {
        let document = try JSONDocument(Array(#"["a\"b","plain","c\u00e4",7]"#.utf8))
        var room: [UInt8] = []
        let texts = document.root.lend { view in
            view.elements.map { element in
                element.withStringBytes(unescapedIn: &room) { String(decoding: $0, as: UTF8.self) }
            }
        }
        #expect(texts == ["a\"b", "plain", "cä", nil])
    }
}
