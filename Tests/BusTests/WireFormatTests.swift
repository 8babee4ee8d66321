import Bytes
import Testing
import Time

@testable import Bus

@Suite("The wire format", .timeLimit(.minutes(3))) struct WireFormatTests {
    @Test("A header's bytes are these")
    func goldenHeader() {
        let header = FrameHeader(
            kind: .request, operation: 0x0102, flags: [.idempotent, .stream], correlation: 0x1122_3344_5566_7788,
            deadline: Timestamp(milliseconds: 0x01a1_fdc6_347b),
            trace: TraceID(high: 0x0011_2233_4455_6677, low: 0x8899_aabb_ccdd_eeff), chunk: 7, status: 404)
        #expect(
            Hex.string(bytes(of: header))
                == "01010201" + "03000000" + "8877665544332211" + "7b34c6fda1010000"
                + "00112233445566778899aabbccddeeff" + "07000000" + "94010000")
        #expect(decode(bytes(of: header)) == header)
    }

    @Test("Every kind has its number for ever")
    func goldenKinds() {
        let kinds: [FrameHeader.Kind] = [.request, .reply, .error, .chunk, .credit, .cancel, .event]
        #expect(kinds.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test("A meta's bytes are these")
    func goldenMeta() throws {
        let meta = Meta(
            service: "sqs", operation: "Send", caller: [0x7b, 0x7d], attributes: [BusAttribute("r", "eu")],
            streamLength: 5)
        let golden =
            "0100" + "03000000" + "737173" + "0200" + "04000000" + "53656e64" + "0300" + "02000000" + "7b7d"
            + "0400" + "05000000" + "0100" + "72" + "6575" + "0500" + "08000000" + "0500000000000000"
        #expect(Hex.string(meta.encoded()) == golden)
        #expect(try decode(meta: meta.encoded()) == meta)
    }

    @Test("Unknown tags are skipped, so that older peers understand newer ones")
    func unknownTag() throws {
        let bytes = [0xff, 0x7f, 3, 0, 0, 0, 1, 2, 3] + Meta(operation: "Get").encoded()
        #expect(try decode(meta: bytes) == Meta(operation: "Get"))
    }

    @Test("A header of another length, version or kind is none")
    func foreignHeaders() {
        let good = bytes(of: FrameHeader(kind: .reply))
        #expect(decode(good) != nil)
        #expect(decode(Array(good.dropLast())) == nil)
        #expect(decode(good + [0]) == nil)
        #expect(decode([2] + good.dropFirst()) == nil)
        #expect(decode([1, 0] + good.dropFirst(2)) == nil)
        #expect(decode([1, 8] + good.dropFirst(2)) == nil)
        #expect(decode([]) == nil)
    }

    @Test(
        "Broken meta is refused: ends early, claims too much, no UTF-8",
        arguments: [
            [1], [1, 0, 4, 0, 0], [1, 0, 0xff, 0xff, 0xff, 0xff, 65], [1, 0, 2, 0, 0, 0, 65], [1, 0, 1, 0, 0, 0, 0xff],
            [4, 0, 1, 0, 0, 0, 1], [4, 0, 3, 0, 0, 0, 2, 0, 65], [5, 0, 1, 0, 0, 0, 1],
            [5, 0, 8, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] as [[UInt8]])
    func brokenMeta(bytes: [UInt8]) {
        #expect(throws: BusError.self) { try decode(meta: bytes) }
    }

    // No arguments of a test: printing those held up every other test for seconds.
    @Test("Meta beyond a limit is refused: its entries, its bytes")
    func oversizedMeta() {
        #expect(throws: BusError.self) {
            try decode(meta: [UInt8]((0..<200).flatMap { _ in [9, 9, 0, 0, 0, 0] as [UInt8] }))
        }
        #expect(throws: BusError.self) { try decode(meta: [UInt8](repeating: 0, count: 300 << 10)) }
    }

    @Test("No mutation of a good meta or header makes the decoder trap")
    func mutations() {
        var random = SplitMix(seed: 20_261_121)
        let meta = Meta(
            service: "dynamodb", operation: "GetItem", caller: Array(repeating: 65, count: 40),
            attributes: [BusAttribute("region", "eu-west-1"), BusAttribute("host", "example.org")], streamLength: 77
        ).encoded()
        let header = bytes(of: FrameHeader(kind: .request))
        var accepted = 0
        for _ in 0..<20_000 {
            let mutant = mutate(meta, &random)
            if let decoded = try? decode(meta: mutant) {
                accepted += 1
                // What was accepted says the same again once written and read.
                #expect((try? decode(meta: decoded.encoded())) == decoded)
            }
            _ = decode(mutate(header, &random))
        }
        #expect(accepted > 0)
    }

    @Test("A peer's id is packed and unpacked whole")
    func peerID() {
        for count in 1...7 {
            let id = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 90) }
            let packed = id.withUnsafeBytes { PeerID($0) }
            #expect(packed?.withBytes { [UInt8]($0) } == id)
        }
        #expect([UInt8]().withUnsafeBytes { PeerID($0) } == nil)
        #expect([UInt8](repeating: 1, count: 8).withUnsafeBytes { PeerID($0) } == nil)
    }

    @Test("Trace ids are 32 digits, and read back")
    func traceID() throws {
        let trace = TraceID(high: 0x0011_2233_4455_6677, low: 0x8899_aabb_ccdd_eeff)
        #expect(trace.hex == "00112233445566778899aabbccddeeff")
        #expect(TraceID(hex: trace.hex) == trace)
        #expect(TraceID(hex: "xyz") == nil)
        #expect(TraceID.random() != TraceID.random())
    }

    @Test("Addresses are read and written the same")
    func addresses() throws {
        for text in ["ipc:///run/apus/tables.sock", "tcp://10.0.0.7:7001", "tcp://[fe80::1]:1", "tcp://tables:65535"] {
            #expect(try BusAddress.parse(text).description == text)
        }
        for text in ["", "ipc://relative", "tcp://host", "tcp://:1", "tcp://host:70000", "http://a:1", "tcp://h:+1"] {
            #expect(throws: BusSetupError.malformedAddress(text)) { try BusAddress.parse(text) }
        }
        #expect(BusAddress.tcp(host: "127.9.0.1", port: 1).isLocal)
        #expect(!BusAddress.tcp(host: "127.example.org", port: 1).isLocal)
        #expect(!BusAddress.tcp(host: "10.0.0.1", port: 1).isLocal)
    }
}

func bytes(of header: FrameHeader) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size)
    bytes.withUnsafeMutableBytes { header.write(to: $0) }
    return bytes
}

private func decode(_ bytes: [UInt8]) -> FrameHeader? { bytes.withUnsafeBytes { FrameHeader($0) } }

private func decode(meta bytes: [UInt8]) throws -> Meta {
    try bytes.withUnsafeBytes { try Meta($0, limits: BusLimits()) }
}

/// Reproducible randomness.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

/// One to four bytes changed, removed, doubled or cut off.
func mutate(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let place = bytes.indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = .random(in: 0...255, using: &random)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(bytes[place], at: place)
        default: bytes.removeSubrange(place...)
        }
    }
    return bytes
}
