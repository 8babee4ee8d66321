import Bytes
import HTTPTypes
import JSON
import Testing

@testable import AWSWire

/// Every response of botocore's output cases, written for its result.
@Suite(.enabled(if: ConformanceCase.folder != nil, "needs ../shared/conformance or APUS_CONFORMANCE"))
struct OutputConformanceTests {
    @Test(
        "A result is written as the response it is read from",
        arguments: try ConformanceCase.all(.output, [.json, .query, .ec2, .rpcCBOR, .restJSON, .restXML]))
    func output(_ test: ConformanceCase) throws {
        if IgnoredCases.output[test.id] != nil { return }
        let expected = try #require(test.json["response"])
        let context = AnswerContext(requestID: "foo-id")
        let actual = try test.json["errorCode"] == nil ? success(test, context) : failure(test, context)
        #expect(actual.head.status == expected["status_code"]?.int64.map(Int.init))
        try compareFields(actual, expected, test)
        try compareBodies(actual.body, try test.body(of: expected), test)
    }

    private func success(_ test: ConformanceCase, _ context: AnswerContext) throws -> WireResponse {
        let operation = try test.model
        let result = try #require(test.json["result"])
        guard let id = operation.output else { return try test.format.success([], of: operation, context) }
        let output = BusValue(model: test.wire.model).bytes(result, id)
        var answer = try test.format.success(output, of: operation, context)
        if let payload = test.wire.model[id].payload, payload.isStream(test.wire.model[payload.target]) {
            answer.body = Array((result[payload.name]?.string ?? "").utf8)
        }
        return answer
    }

    private func failure(_ test: ConformanceCase, _ context: AnswerContext) throws -> WireResponse {
        let operation = try test.model
        let id = try #require(operation.errors.first)
        let shape = test.wire.model[id]
        let values = try #require(test.json["error"])
        let members = JSONDocumentInside.of(
            BusValue(model: test.wire.model).bytes(values, id), without: ["message", "Message"])
        let message = test.json["errorMessage"]?.string ?? values["Message"]?.string ?? values["message"]?.string ?? ""
        // The service's default; the model knows better.
        return try test.format.failure(WireError(shape.name, message, status: 400, members: members), context)
    }

    private func compareFields(_ actual: WireResponse, _ expected: JSONValue, _ test: ConformanceCase) throws {
        for field in expected["headers"]?.members.map(\.self) ?? [] {
            if Comparison.skips(field.name, actual) { continue }
            let value = try #require(actual.head.fields[field.name], "\(field.name) is missing")
            #expect(Comparison.equal(value, field.value.string ?? "", field.name), "\(field.name)")
        }
    }

    private func compareBodies(_ actual: [UInt8], _ expected: [UInt8], _ test: ConformanceCase) throws {
        // A case without a body says that clients need none; ours may say more.
        if expected.isEmpty { return }
        switch test.wire.model.metadata.protocols[0] {
        case .query, .ec2, .restXML:
            guard expected.contains(UInt8(ascii: "<")) else { return #expect(actual == expected) }
            #expect(PlainXML(try XMLParser.parse(actual)) == PlainXML(try XMLParser.parse(expected)))
        case .rpcCBOR:
            guard let shape = try test.json["errorCode"] == nil ? test.model.output : test.model.errors.first else {
                return
            }
            var ours = CBORReader(actual, test.wire.model)
            var theirs = CBORReader(expected, test.wire.model)
            #expect(
                Comparison.value(try ours.readDocument(as: shape))
                    == Comparison.value(try theirs.readDocument(as: shape)))
        case .json, .restJSON:
            guard let document = try? JSONDocument(expected) else { return #expect(actual == expected) }
            let isInHeader = test.file == "rest-json"
            let theirs = Comparison.plain(document.root)
            #expect(Comparison.value(actual) == (isInHeader ? Comparison.withoutErrorName(theirs) : theirs))
        }
    }
}

enum JSONDocumentInside {
    /// The inside of an object's text without some members.
    static func of(_ text: [UInt8], without names: Set<String>) -> [UInt8] {
        guard let root = try? JSONDocument(text).root else { return [] }
        var json = JSONWriter()
        json.object { json in
            for member in root.members where !names.contains(member.name) { json.member(member.name, member.value) }
        }
        return Array(json.bytes.dropFirst().dropLast())
    }
}
