import JSON
import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Values")
struct ValueTests {
    static let everything = """
        {"s":{"S":"é\\"\\n"},"n":{"N":"1.50"},"b":{"B":"AAEC"},"t":{"BOOL":true},"f":{"BOOL":false},"z":{"NULL":true},\
        "l":{"L":[{"S":""},{"M":{"x":{"N":"-3"}}}]},"m":{"M":{}},"ss":{"SS":["b","a"]},"ns":{"NS":["10","9"]},\
        "bs":{"BS":["Ag==","AQ=="]}}
        """
    static let sorted = """
        {"b":{"B":"AAEC"},"bs":{"BS":["AQ==","Ag=="]},"f":{"BOOL":false},"l":{"L":[{"S":""},{"M":{"x":{"N":"-3"}}}]},\
        "m":{"M":{}},"n":{"N":"1.5"},"ns":{"NS":["9","10"]},"s":{"S":"é\\"\\n"},"ss":{"SS":["a","b"]},\
        "t":{"BOOL":true},"z":{"NULL":true}}
        """

    @Test("of every type are read, written, stored and written from storage alike")
    func roundTrip() throws {
        let all = try item(Self.everything)
        var json = JSONWriter()
        json.value(all)
        #expect(String(decoding: json.bytes, as: UTF8.self) == Self.sorted)
        let stored = StoredItem(all)
        #expect(try stored.attributes() == all)
        #expect(try stored.size() == all.size)
        var direct = JSONWriter()
        try stored.write(to: &direct)
        #expect(String(decoding: direct.bytes, as: UTF8.self) == Self.sorted)
    }

    @Test("can be written from storage a few attributes at a time")
    func partialWrite() throws {
        var json = JSONWriter()
        try StoredItem(item(Self.everything)).write(to: &json, only: ["n", "t", "missing"])
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"n":{"N":"1.5"},"t":{"BOOL":true}}"#)
    }

    @Test(
        "that break a rule are refused with AWS's words",
        arguments: [
            ("{}", "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
            (#"{"X":"a"}"#, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
            (
                #"{"S":"a","N":"1"}"#,
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
            ),
            (
                #"{"NULL":false}"#,
                "One or more parameter values were invalid: Null attribute value types must have the value of true"
            ),
            (#"{"SS":[]}"#, "One or more parameter values were invalid: An string set  may not be empty"),
            (#"{"NS":[]}"#, "One or more parameter values were invalid: An number set  may not be empty"),
            (#"{"BS":[]}"#, "One or more parameter values were invalid: Binary sets should not be empty"),
            (
                #"{"SS":["b","a","b"]}"#,
                "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates."
            ),
            (#"{"NS":["1","1.0"]}"#, "Input collection contains duplicates"),
            (
                #"{"BS":["AQ==","AQ=="]}"#,
                "One or more parameter values were invalid: Input collection [AQ==, AQ==]of type BS contains duplicates."
            ),
            (#"{"S":"a","N":"b"}"#, "The parameter cannot be converted to a numeric value: b"),
            (#"{"N":123}"#, "SerializationException: NUMBER_VALUE cannot be converted to String"),
            (#"{"S":1.5}"#, "SerializationException: DECIMAL_VALUE cannot be converted to String"),
            (#"{"S":true}"#, "SerializationException: TRUE_VALUE cannot be converted to String"),
            (#"{"S":[]}"#, "SerializationException: Unrecognized collection type class java.lang.String"),
            (#"{"S":{}}"#, "SerializationException: Start of structure or map found where not expected"),
            (#"{"L":"a"}"#, "SerializationException: Unexpected field type"),
            (
                #"{"B":"abc"}"#,
                "SerializationException: Base64 encoded length is expected a multiple of 4 bytes but found: 3"
            ),
            (#"{"B":"+/+="}"#, "SerializationException: Invalid last non-pad Base64 character dectected"),
            (#"{"BS":["AB=="]}"#, "SerializationException: Invalid last non-pad Base64 character dectected"),
            (#"{"B":"a==="}"#, "SerializationException: Invalid last non-pad Base64 character dectected"),
            (#""text""#, "SerializationException: Unexpected value type in payload"),
        ])
    func rules(json: String, message: String) {
        #expect(fault { try value(json) } == message)
    }

    @Test("have 32 levels, of which an attribute's own is the first, and no more")
    func nesting() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: #"{"L":["#, count: depth) + #"{"S":"x"}"# + String(repeating: "]}", count: depth)
        }
        _ = try value(nested(31))
        #expect(fault { try value(nested(32)) }.hasPrefix("Nesting Levels have exceeded supported limits"))
    }

    @Test(
        "have the size DynamoDB counts",
        arguments: [
            (#"{"S":"é"}"#, 2), (#"{"B":"AAEC"}"#, 3), (#"{"BOOL":true}"#, 1), (#"{"NULL":true}"#, 1),
            (#"{"N":"0"}"#, 1),
            (#"{"N":"1"}"#, 2), (#"{"N":"12"}"#, 2), (#"{"N":"123"}"#, 3), (#"{"N":"-12"}"#, 3), (#"{"L":[]}"#, 3),
            (#"{"L":[{"S":"ab"}]}"#, 6), (#"{"M":{"k":{"S":"v"}}}"#, 6), (#"{"SS":["a","bc"]}"#, 3),
        ])
    func sizes(json: String, size: Int) throws {
        #expect(try value(json).size == size)
    }

    /// As [measured at AWS](https://github.com/nubo-db/dynamodb-conformance/blob/main/src/item-size.ts), August 2026.
    @Test(
        "that are numbers take a byte for two digits on either side of the point, whatever zeros lead or trail",
        arguments: [
            ("0", 1), ("1", 2), ("12", 2), ("123", 3), ("1234", 3), ("12345678901234567890123456789012345678", 20),
            ("0042", 2), ("100", 2), ("1010", 3), ("0.0000001", 2), ("1E125", 2), ("1E-100", 2), ("1.5", 3), ("15", 2),
            ("1.2", 3), ("1.200", 3), ("1.234", 4), ("3.14159", 5), ("123456", 4), ("100.5", 4), ("0.15", 2),
            ("-42", 3), ("-0", 1),
        ])
    func numberSizes(number: String, size: Int) throws {
        #expect(try DynamoDBNumber(number).size == size)
        #expect(try StoredItem(["n": .number(DynamoDBNumber(number))]).size() == size + 1)
    }

    @Test("compare names and texts by their bytes: a composed and a decomposed é are two")
    func bytewiseText() throws {
        let map = try item(#"{"\u00e9":{"S":"1"},"e\u0301":{"S":"2"}}"#)
        #expect(map.count == 2)
        #expect(try value(#"{"S":"\u00e9"}"#) != value(#"{"S":"e\u0301"}"#))
        #expect(Text("Z") < Text("a"))
        #expect(Text("\u{ffff}") < Text("\u{10000}"), "UTF-8 order, not UTF-16's")
    }

    @Test("of a repeated name: the last counts")
    func repeatedName() throws {
        #expect(try item(#"{"a":{"S":"1"},"b":{"S":"x"},"a":{"S":"2"}}"#) == ["a": .string("2"), "b": .string("x")])
    }

    @Test("damaged in storage are found out, never trusted and never a crash")
    func damage() throws {
        let bytes = try StoredItem(item(Self.everything)).bytes
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) {
                damaged.removeLast(Int.random(in: 0..<damaged.count, using: &generator))
            }
            let stored = StoredItem(bytes: damaged)
            _ = try? stored.attributes()
            var json = JSONWriter()
            try? stored.write(to: &json)
        }
    }

    @Test("made of mutated JSON are read or refused, and what is read comes back from storage")
    func fuzz() throws {
        let seed = Array(Self.everything.utf8)
        let alphabet = Array(#"{}[]",:SNBLM0123456789eE+-.\utrue null=A"#.utf8)
        var generator = SeededGenerator(seed: 3)
        var accepted = 0
        for _ in 0..<20000 {
            var text = seed
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = Int.random(in: text.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[position] = alphabet.randomElement(using: &generator) ?? 0
                case 1: text.remove(at: position)
                default: text.insert(alphabet.randomElement(using: &generator) ?? 0, at: position)
                }
            }
            guard let document = try? JSONDocument(text) else { continue }
            try checkEncoding(of: document.root)
            guard let map = try? AttributeValueReader.map(document.root) else { continue }
            accepted += 1
            #expect(try StoredItem(map).attributes() == map)
        }
        #expect(accepted > 100)
    }

    /// Straight from JSON an item is the bytes, or has the fault, that it has by its values.
    private func checkEncoding(of json: JSONValue) throws {
        let direct = Result { try JSONItemEncoder.encode(json) }
        let byValues = Result { ItemEncoder.encode(try AttributeValueReader.map(json)) }
        switch (direct, byValues) {
        case (.success(let left), .success(let right)): #expect(left == right)
        case (.failure(let left as AttributeValueFault), .failure(let right as AttributeValueFault)):
            #expect(left.kind == right.kind && left.serviceError == right.serviceError)
        default: Issue.record("\(direct) is not \(byValues)")
        }
    }

    @Test(
        "are the same bytes straight from JSON as by their values, or have the same fault",
        arguments: [
            everything, "{}", "[]", "1", #"{"b":{"S":"1"},"a":{"S":"2"},"b":{"N":"3"}}"#, #"{"":{"S":""}}"#,
            #"{"m":{"M":{"z":{"N":"1"},"y":{"M":{"b":{"L":[]},"a":{"NULL":true}}},"z":{"N":"2"}}},"a":null}"#,
            #"{"e":{"S":"\u00e9\ud83d\ude00","N":null},"\u0061":{"N":"1"},"a":{"N":"2"}}"#,
            #"{"a":{"N":"1","S":"x"}}"#, #"{"a":{"N":"x"}}"#, #"{"a":{"L":[null]}}"#, #"{"a":{"BOOL":1}}"#,
            #"{"a":{"X":"1"}}"#, #"{"a":{"B":"AAE"}}"#, #"{"a":{"SS":["x","x"]}}"#, #"{"n":{"N":"1e200"}}"#,
            #"{"a":\#(String(repeating: #"{"L":["#, count: 34))\#(String(repeating: "]}", count: 34))}"#,
        ])
    func encoding(json: String) throws { try checkEncoding(of: JSONDocument(Array(json.utf8)).root) }

    @Test("have one key, whether it is taken from values or from storage")
    func storedKey() throws {
        let item = try item(#"{"s":{"S":"a\u0000b"},"n":{"N":"-1.5"},"b":{"B":"AAEC"},"e":{"S":""},"z":{"NULL":true}}"#)
        let stored = StoredItem(item)
        func attribute(_ name: Text, _ kind: AttributeValue.Kind) -> KeyAttribute {
            KeyAttribute(name: name, kind: kind)
        }
        let keys = [attribute("s", .string), attribute("n", .number), attribute("b", .binary)]
        for partition in keys {
            for sort in [nil] + keys.map(Optional.some) {
                let schema = KeySchema(partition: partition, sort: sort)
                #expect(schema.encode(item) == schema.encode(stored))
            }
        }
        for wrong in [
            attribute("e", .string), attribute("z", .string), attribute("s", .number), attribute("x", .string),
        ] {
            #expect(KeySchema(partition: wrong, sort: nil).encode(stored) == nil)
            #expect(KeySchema(partition: keys[0], sort: wrong).encode(stored) == nil)
        }
    }

    @Test("are searched for parts in linear time")
    func containsIsLinear() {
        let whole = [UInt8](repeating: 97, count: 400_000)
        let part = [UInt8](repeating: 97, count: 200_000) + [98]
        let time = threadTime { #expect(!AttributeValue.binary(whole).contains(.binary(part))) }
        #expect(time < .seconds(2))
        #expect(AttributeValue.string("abababac").contains(.string("abac")))
        #expect(AttributeValue.string("abc").contains(.string("")))
        #expect(!AttributeValue.string("").contains(.string("a")))
    }
}
