import HTTPTypes
import JSON
import Testing

@testable import AWSWire

/// Bytes from outside: refused or read, never trapped on, never without bound.
@Suite struct HostileInputTests {
    private let library: ModelLibrary

    init() throws { library = try ModelLibrary.installed() }

    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    /// Changes, removes, repeats or inserts some bytes.
    private func mutated(_ bytes: [UInt8], _ random: inout Random) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(contentsOf: bytes[index...].prefix(16), at: index)
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
            }
        }
        return bytes
    }

    private func fuzz(_ service: String, _ name: WireProtocol, _ head: RequestHead, _ seed: [UInt8]) throws {
        let wire = ServiceWire(try library.model(service))
        let format = try #require(wire.format(name))
        var random = Random(state: 42)
        for _ in 0..<4000 {
            let request = WireRequest(head: head, body: mutated(seed, &random))
            guard let call = wire.call(named: request, name) else { continue }
            if let input = try? format.input(of: call, request) { #expect((try? JSONDocument(input)) != nil) }
        }
    }

    @Test("Mutated XML is refused or becomes JSON")
    func xml() throws {
        let seed =
            "<?xml version=\"1.0\"?><Delete xmlns=\"x\"><!-- c --><Object><Key>a&amp;&#x41;<![CDATA[b]]></Key></Object><Quiet>true</Quiet></Delete>"
        try fuzz("s3", .restXML, RequestHead(method: "POST", target: "/b?delete"), Array(seed.utf8))
    }

    @Test("Mutated CBOR is refused or becomes JSON")
    func cbor() throws {
        let model = try library.model("cloudwatch")
        var writer = CBORWriter(model)
        let value =
            #"{"Namespace":"n","MetricData":[{"MetricName":"m","Value":1.5,"Timestamp":1422172800,"Dimensions":[{"Name":"a","Value":"b"}]}]}"#
        try writer.write(
            JSONDocument(Array(value.utf8)).root, model[#require(model.operations["PutMetricData"]?.input)])
        let head = RequestHead(method: "POST", target: "/service/GraniteServiceVersion20100801/operation/PutMetricData")
        try fuzz("cloudwatch", .rpcCBOR, head, writer.bytes)
    }

    @Test("Mutated forms are refused or become JSON")
    func query() throws {
        let seed =
            "Action=CreateTopic&Name=t&Tags.member.1.Key=a&Tags.member.1.Value=b&Attributes.entry.1.key=k&Attributes.entry.1.value=v"
        try fuzz("sns", .query, RequestHead(method: "POST", target: "/"), Array(seed.utf8))
    }

    @Test("Mutated REST-JSON is refused or becomes JSON")
    func restJSON() throws {
        let seed =
            #"{"Name":"n","ProtocolType":"HTTP","CorsConfiguration":{"allowOrigins":["*"],"maxAge":3},"Tags":{"a":"b"}}"#
        try fuzz("apigatewayv2", .restJSON, RequestHead(method: "POST", target: "/v2/apis"), Array(seed.utf8))
    }

    @Test(
        "XML beyond the grammar or the limits is refused",
        arguments: [
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a>&x;</a>", "<a><b></a></b>", "<a", "<a/><b/>", "<a b=c/>",
            "<a b='1' b='2'/>", "text", "", "<a>&#0;</a>", "<a>&#xFFFFFFFFF;</a>",
            String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100),
        ])
    func refusedXML(text: String) { #expect(throws: WireFault.self) { try XMLParser.parse(Array(text.utf8)) } }

    @Test("A length that cannot be sizes no allocation")
    func hugeLengths() throws {
        let model = try library.model("cloudwatch")
        let shape = try #require(model.operations["PutMetricData"]?.input)
        for bytes: [UInt8] in [
            [0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [UInt8](repeating: 0xc0, count: 10_000),
            [0xa1, 0x61],
        ] {
            var reader = CBORReader(bytes, model)
            #expect(throws: WireFault.self) { try reader.readDocument(as: shape) }
        }
    }

    @Test("Parameters without end are refused")
    func manyParameters() throws {
        let wire = ServiceWire(try library.model("sns"))
        let operation = try #require(wire.model.operations["CreateTopic"])
        let format = try #require(wire.format(.query))
        for body in [
            "Action=CreateTopic&" + String(repeating: "a=1&", count: 30_000),
            "Action=CreateTopic&a" + String(repeating: ".a", count: 1000) + "=1",
        ] {
            let request = WireRequest(head: RequestHead(method: "POST", target: "/"), body: Array(body.utf8))
            #expect(throws: WireFault.self) { try format.input(of: WireCall(operation), request) }
        }
    }
}
