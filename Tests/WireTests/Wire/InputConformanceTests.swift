import Bytes
import HTTPTypes
import JSON
import Testing

@testable import AWSWire

/// Every request of botocore's input cases, parsed into its parameters.
@Suite(.enabled(if: ConformanceCase.folder != nil, "needs ../shared/conformance or APUS_CONFORMANCE"))
struct InputConformanceTests {
    @Test(
        "A request is read as the parameters it was made of",
        arguments: try ConformanceCase.all(.input, [.json, .query, .ec2, .rpcCBOR, .restJSON, .restXML]))
    func input(_ test: ConformanceCase) throws {
        if IgnoredCases.input[test.id] != nil { return }
        let request = try test.request
        let name = test.wire.model.metadata.protocols[0]
        let call = try #require(test.wire.call(named: request, name), "no operation found")
        #expect(call.operation.name == test.operation)
        let text = try test.format.input(of: call, request)
        let params = try #require(test.json["params"])
        var expected = PlainValue.object([:])
        if let shape = call.operation.input {
            expected = PlainValue(try JSONDocument(BusValue(model: test.wire.model).bytes(params, shape)).root)
        }
        let actual = PlainValue(try JSONDocument(try withStream(text, test, request)).root)
        #expect(Expectation.adjusted(actual, test) == Expectation.adjusted(expected, test))
    }

    /// A stream travels beside the JSON; to compare, its bytes are put where the case has them.
    private func withStream(_ text: [UInt8], _ test: ConformanceCase, _ request: WireRequest) throws -> [UInt8] {
        guard let id = try test.model.input, let payload = test.wire.model[id].payload,
            payload.isStream(test.wire.model[payload.target]), !request.body.isEmpty
        else { return text }
        var json = JSONWriter()
        json.object { json in
            json.member(payload.name, Base64.string(request.body))
            if text.count > 2 { json.raw(text.dropFirst().dropLast()) }
        }
        return json.bytes
    }
}

/// Differences between what a client was given and what a server can see.
enum Expectation {
    static func adjusted(_ value: PlainValue, _ test: ConformanceCase) -> PlainValue {
        guard case .object(let members) = value else { return value }
        return .object(members.filter { !isInvisible($0.value) })
    }

    /// Empty lists and maps leave no trace in queries, forms and headers.
    private static func isInvisible(_ value: PlainValue) -> Bool { value == .list([]) || value == .object([:]) }
}
