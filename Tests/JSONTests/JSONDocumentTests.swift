import Testing

@testable import JSON

private func parse(_ text: String) throws(JSONError) -> JSONValue { try JSONDocument(Array(text.utf8)).root }

@Suite struct JSONDocumentTests {
    @Test("Numbers keep every digit they were written with")
    func exactNumbers() throws {
        for text in ["0", "-0", "1e400", "-12.50E+3", "99999999999999999999999999999999999999", "1.0"] {
            #expect(try parse(text).numberText == text)
        }
        #expect(try parse("1.0").int64 == 1)
        #expect(try parse("9223372036854775807").int64 == .max)
        #expect(try parse("1.5").int64 == nil)
    }

    @Test(
        "What RFC 8259 does not allow is refused",
        arguments: [
            "", " ", "{", "[", "[1,]", "[,1]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{\"a\":}", "01", "1.", ".5", "+1",
            "-",
            "1e", "1e+", "nul", "tru", "NaN", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\u{1}\"",
            "1 2", "[1 2]", "{\"a\":1 \"b\":2}", "]", "}", "'a'", "[1}", "{\"a\":1]", "//", "\u{feff}1", "0x1", "1a",
        ])
    func refused(text: String) {
        #expect(throws: JSONError.self) { _ = try parse(text) }
    }

    @Test("Malformed UTF-8 is refused wherever it stands")
    func invalidUTF8() {
        let bad: [[UInt8]] = [
            [0x80], [0xc0, 0x80], [0xc3], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff],
            [0xe2, 0x82], [0xf0, 0x9f, 0x92],
        ]
        for sequence in bad {
            for padding in [0, 1, 7, 8, 9] {
                let text =
                    [UInt8(ascii: "\"")] + [UInt8](repeating: 0x61, count: padding) + sequence + [UInt8(ascii: "\"")]
                #expect(throws: JSONError.self) { _ = try JSONDocument(text) }
            }
        }
    }

    @Test("Escapes and surrogate pairs become the characters they stand for")
    func escapes() throws {
        #expect(try parse(#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀""#).string == "a\"\\/\u{8}\u{c}\n\r\té😀é😀")
    }

    @Test("Nesting stops at the limit, not at the end of the stack")
    func depth() throws {
        let deep = { (count: Int) in
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(try parse(deep(128)).kind == .array)
        #expect(throws: JSONError(reason: .tooDeep, offset: 128)) { _ = try parse(deep(129)) }
        #expect(throws: JSONError.self) { _ = try parse(deep(1_000_000)) }
    }

    @Test("Members are found by name, the last of a repeated name, and each value knows its own bytes")
    func members() throws {
        let value = try parse(#" { "a" : [ 1 , {"x":null} ] , "b\u0063" : "y" , "a" : {"n":-1.5} } "#)
        #expect(value["a"]?["n"]?.double == -1.5)
        #expect(value["bc"]?.string == "y")
        #expect(value["missing"] == nil)
        #expect(value.members.map(\.name) == ["a", "bc", "a"])
        let first = try #require(value.members.makeIterator().first { _ in true })
        #expect(String(decoding: first.value.rawBytes, as: UTF8.self) == #"[ 1 , {"x":null} ]"#)
        #expect(first.value.elements.map(\.kind) == [.number, .object])
    }

    @Test("Random damage never traps and never yields a text that reads back differently")
    func damage() throws {
        let seed = Array(
            #"{"Key":{"id":{"S":"caf\u00e9 😀"},"n":{"N":"-12.5e3"}},"list":[true,false,null,{"a":[[]]}],"s":"\\\"/"}"#
                .utf8)
        var random = SplitMix(state: 42)
        for _ in 0..<20_000 {
            var text = seed
            for _ in 0...Int(random.next() % 4) {
                let at = Int(random.next() % UInt64(text.count))
                switch random.next() % 3 {
                case 0: text[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: text.remove(at: at)
                default: text.insert(seed[Int(random.next() % UInt64(seed.count))], at: at)
                }
            }
            guard let document = try? JSONDocument(text) else { continue }
            var json = JSONWriter()
            copy(document.root, to: &json)
            let again = try JSONDocument(json.bytes)
            var second = JSONWriter()
            copy(again.root, to: &second)
            #expect(json.bytes == second.bytes)
        }
    }

    private func copy(_ value: JSONValue, to json: inout JSONWriter) {
        switch value.kind {
        case .object:
            json.object { json in
                for member in value.members {
                    json.name(member.name)
                    copy(member.value, to: &json)
                }
            }
        case .array: json.array { json in for element in value.elements { copy(element, to: &json) } }
        case .string: json.string(value.string ?? "")
        default: json.raw(value.rawBytes)
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

@Suite struct JSONViewTests {
    @Test("Lent values are the document's values")
    func lentValues() throws {
        let text = #"{"a":[1,"x\n",true,null,{}],"b\u0063":"plain","n":{"k":[]}}"#
        let root = try parse(text)
        root.lend { view in
            #expect(view.isObject && view.kind == .object && view.byteCount == text.utf8.count)
            let members = Array(view.members)
            #expect(
                members.map { $0.name.withStringBytes { String(decoding: $0, as: UTF8.self) } } == ["a", "bc", "n"])
            #expect(members[1].name.plainString == nil)
            #expect(members[1].value.plainString.map { Array($0) } == Array("plain".utf8))
            let elements = Array(members[0].value.elements)
            #expect(elements.map(\.kind) == [.number, .string, .bool, .null, .object])
            #expect(elements[1].withStringBytes { Array($0) } == Array("x\n".utf8))
            #expect(elements[2].bool == true && elements[3].isNull && elements[0].isNumber && elements[1].isString)
            #expect(Array(elements[0].elements).isEmpty && Array(view.elements).isEmpty)
            #expect(root.value(of: members[2].value)["k"]?.kind == .array)
        }
    }
}

@Suite struct JSONUnionTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.object(body)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func union(_ json: inout JSONWriter, _ name: String, _ text: String) {
        Array(name.utf8).withUnsafeBufferPointer { name in
            Array(text.utf8).withUnsafeBufferPointer { json.union(named: name, "S", utf8: $0) }
        }
    }

    @Test("Unions are what their parts would be")
    func unions() {
        let text = written { json in
            union(&json, "a", "plain")
            union(&json, "b\"", "quoted")
            union(&json, "c", "line\n")
            Array("d".utf8).withUnsafeBufferPointer { json.union(named: $0, "BOOL", raw: "true") }
            Array("e\"".utf8).withUnsafeBufferPointer { json.union(named: $0, "NULL", raw: "true") }
            json.member("l") { json in
                json.array { json in
                    for _ in 0..<2 { json.union(named: nil, "BOOL", raw: "false") }
                    json.beginUnion(named: nil, "L")
                    json.array { _ in }
                    json.endObject()
                }
            }
        }
        #expect(
            text == #"{"a":{"S":"plain"},"b\"":{"S":"quoted"},"c":{"S":"line\n"},"d":{"BOOL":true},"#
                + #""e\"":{"NULL":true},"l":[{"BOOL":false},{"BOOL":false},{"L":[]}]}"#)
    }
}
