import Testing
import Time

@testable import JSON

private struct Sample: InputShape, OutputShape {
    let name: String
    let count: Int?
    let tags: [String: String]?
    let data: Blob?
    let when: Timestamp?

    init(_ member: Members) throws {
        name = try member("Name")
        count = try member("Count")
        tags = try member("Tags")
        data = try member("Data")
        when = try member("When")
    }

    func write(to json: inout JSONWriter) {
        json.member("Name", name)
        json.member("Count", count)
        json.member("Tags", tags)
        json.member("Data", data)
        json.member("When", when)
    }
}

@Suite struct MembersTests {
    private func read(_ text: String) throws -> Sample { try Sample(json: JSONDocument(Array(text.utf8)).root) }

    @Test("A structure reads back as it was written")
    func roundTrip() throws {
        let text = #"{"Name":"q\n\"","Count":3,"Tags":{"a":"1","b":"2"},"Data":"AQID","When":1700000000.250}"#
        var json = JSONWriter()
        json.value(try read(text))
        #expect(String(decoding: json.bytes, as: UTF8.self) == text)
    }

    @Test("Null is the same as absent")
    func null() throws {
        #expect(try read(#"{"Name":"q","Count":null}"#).count == nil)
    }

    @Test("A fault names the path to it")
    func faults() throws {
        #expect(throws: MemberError.missing("Name")) { _ = try read("{}") }
        #expect(throws: MemberError.missing("Name")) { _ = try read(#"{"Name":null}"#) }
        let wrong = MemberError(path: ["Tags", "a"], problem: .wrongType(found: .number, expected: .string))
        #expect(throws: wrong) { _ = try read(#"{"Name":"q","Tags":{"a":1}}"#) }
        let broken = MemberError(path: ["Data"], problem: .invalid("not base64"))
        #expect(throws: broken) { _ = try read(#"{"Name":"q","Data":"A"}"#) }
        #expect(throws: MemberError(path: ["Count"], problem: .invalid("not a 64-bit integer"))) {
            _ = try read(#"{"Name":"q","Count":1.5}"#)
        }
    }

    @Test("What JSON numbers cannot say is written as AWS's protocols do")
    func doubles() {
        var json = JSONWriter()
        json.array { json in
            for number in [1.0, 0.1, -2.5e-7, .nan, .infinity, -.infinity] { json.value(number) }
        }
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"[1,0.1,-2.5e-07,"NaN","Infinity","-Infinity"]"#)
    }
}
