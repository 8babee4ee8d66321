import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Ion")
struct IonTests {
    /// The items of a text, and behind them why it could not be read to its end.
    private static func items(_ text: String, pieces: Int = 4096) async throws -> [String] {
        var reader = RecordReader(try ObjectBytes(.arriving(Array(text.utf8), size: pieces), .none), IonFraming())
        var found: [String] = []
        do {
            while let record = try await reader.next() {
                var json = JSONWriter()
                json.value(try IonRecord.item(record))
                found.append(String(decoding: json.bytes, as: UTF8.self))
            }
        } catch let fault as MalformedSource {
            found.append(fault.reason)
        }
        return found
    }

    private static func line(_ item: AttributeMap) -> String {
        var writer = IonWriter()
        writer.line(["Item": .map(item)])
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("is written as AWS's example has it")
    func example() throws {
        let book = try item(
            """
            {"Authors":{"SS":["Author1","Author2"]},"Dimensions":{"S":"8.5 x 11.0 x 1.5"},"Id":{"N":"103"},\
            "InPublication":{"BOOL":false},"PageCount":{"N":"600"},"Price":{"N":"2000"},"Title":{"S":"Book 103 Title"}}
            """)
        #expect(
            Self.line(book) == """
                $ion_1_0 {Item:{Authors:$dynamodb_SS::["Author1","Author2"],Dimensions:"8.5 x 11.0 x 1.5",Id:103.,\
                InPublication:false,PageCount:6d2,Price:2d3,Title:"Book 103 Title"}}

                """)
    }

    @Test("brings back every type as it was, however its bytes are cut")
    func roundTrip() async throws {
        let names =
            #"{"null":{"S":"keyword"},"$7":{"S":"'"},"a b":{"S":"\u0000\u007f\u2028😀\t"},"":{"S":"//"},"é":{"NULL":true}}"#
        let text = Self.line(try item(ValueTests.everything)) + Self.line(try item(names))
        var json = JSONWriter()
        json.value(try item(names))
        let expected = [ValueTests.sorted, String(decoding: json.bytes, as: UTF8.self)]
        for pieces in [1, 2, 7, 4096] { #expect(try await Self.items(text, pieces: pieces) == expected) }
    }

    @Test(
        "brings back numbers digit by digit, of 38 digits and at both ends of their range",
        arguments: [
            "0": "0.", "-103": "-103.", "1.5": "1.5", "0.000001": "0.000001", "0.0000001": "1d-7",
            "99999999999999999999999999999999999999": "99999999999999999999999999999999999999.",
            "-1.2345678901234567890123456789012345678": "-1.2345678901234567890123456789012345678",
            "9.9999999999999999999999999999999999999E+125": "99999999999999999999999999999999999999d88",
            "1E-130": "1d-130", "1E+125": "1d125", "0.00012345": "0.00012345",
        ])
    func numbers(_ number: String, _ ion: String) async throws {
        let value = try DynamoDBNumber(number)
        #expect(IonDecimal.text(value) == ion)
        #expect(try await Self.items("{Item:{n:\(ion)}}") == [#"{"n":{"N":"\#(value.text)"}}"#])
    }

    @Test("is read as others write it: comments, lists of items, quoted names, long strings, typed nulls, integers")
    func variety() async throws {
        let text = #"""
            $ion_1_0 // by hand
            [ {Item: {'p q': "a\x41\u00e9\ud83d\ude00\U0001F600\
            }", "n": 1_000, /* } */ z: null.string, d: -0.5D+2},}, {other: [{}], 'Item': {p: '''x
            y''' // between
            '''z''', b: {{ aGVs
            bG8= }}, s: '$dynamodb_NS' :: [2, 1.], e: []}}]
            """#
        let expected = [
            #"{"d":{"N":"-50"},"n":{"N":"1000"},"p q":{"S":"aAé😀😀}"},"z":{"NULL":true}}"#,
            #"{"b":{"B":"aGVsbG8="},"e":{"L":[]},"p":{"S":"x\nyz"},"s":{"NS":["1","2"]}}"#,
        ]
        for pieces in [1, 3, 4096] { #expect(try await Self.items(text, pieces: pieces) == expected) }
        #expect(try await Self.items("$ion_1_0\n// nothing") == [])
    }

    @Test(
        "that has no meaning in DynamoDB, or is none, is said to be so",
        arguments: [
            "[1]", #""text""#, "{} ", "}", "{Item:{p:1e3}}", "{Item:{p:nan}}", "{Item:{p:2020-01-01}}",
            "{Item:{p:0x1f}}",
            "{Item:{p:sym}}", "{Item:{p:'sym'}}", "{Item:{p:''}}", #"{Item:{p:{{"clob"}}}}"#, "{Item:{p:(1 2)}}",
            "{Item:{p:$dynamodb_SS::[1]}}", "{Item:{p:$dynamodb_SS::[]}}", #"{Item:{p:$dynamodb_SS::["a","a"]}}"#,
            #"{Item:{p:$dynamodb_SS::"a"}}"#, #"{Item:{p:other::"a"}}"#, "{Item:{p:{{aGk}}}}", "{Item:{p:007}}",
            "{Item:{p:1._0}}", "{Item:{p:1d}}", "{Item:{p:+1}}", "{Item:{p:1 q:2}}", "{Item:{p}}", "{Item:{null:1}}",
            "{Item:{$10:1}}", "{Item:{p:null.nothing}}", #"{Item:{p:"\q"}}"#, #"{Item:{p:"\ud800"}}"#,
            "{Item:{p:\"a\nb\"}}",
            "{Item:[}]", "{Item:{p:1}", "$ion_1_1 {Item:{}}", "$ion_1_0x {Item:{}}", "foo::{Item:{}}", "{Item:{p:1}/}}",
            "{Item:{p:123456789012345678901234567890123456789.}}", "{{aGk=}}", "\u{e0}\u{1}\u{0}\u{ea}", "[{Item:{}}",
            "{Item:" + String(repeating: "{a:", count: 35) + "1" + String(repeating: "}", count: 36),
        ])
    func malformed(_ text: String) async throws {
        let found = try await Self.items(#"{Item:{p:"a"}}"# + "\n" + text)
        #expect(found.first == #"{"p":{"S":"a"}}"#)
        #expect(found.last?.hasPrefix("{") == false)
    }
}
