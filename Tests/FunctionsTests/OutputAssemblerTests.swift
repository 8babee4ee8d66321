import Testing
import Time

@testable import Sandbox

@Suite("What functions write")
struct OutputAssemblerTests {
    @Test("Lines are cut at line feeds, wherever the pipe's pieces end")
    func lines() {
        var assembler = LineAssembler()
        var records: [OutputRecord] = []
        for piece in ["a", "b\nc", "\n\nd"] { assembler.append(ArraySlice(Array(piece.utf8)), to: &records) }
        assembler.flush(to: &records)
        #expect(records.map { String(decoding: $0.message, as: UTF8.self) } == ["ab\n", "c\n", "\n", "d"])
    }

    @Test("Frames keep a message of several lines whole, with its time")
    func frames() {
        var assembler = FrameAssembler()
        var records: [OutputRecord] = []
        let microseconds: UInt64 = 1_700_000_000_123_456
        let header: [UInt8] = [0xa5, 0x5a, 0, 3, 0, 0, 0, 3]
        let time = (0..<8).map { UInt8(truncatingIfNeeded: microseconds >> (56 - 8 * $0)) }
        for byte in header + time + Array("a\nb".utf8) { assembler.append([byte], to: &records) }
        let expected = OutputRecord(time: Timestamp(milliseconds: 1_700_000_000_123), message: Array("a\nb".utf8))
        #expect(records == [expected])
    }

    @Test("Bytes that are no frames are dropped, and no length they claim is believed")
    func nonsense() {
        var assembler = FrameAssembler()
        var records: [OutputRecord] = []
        assembler.append(
            ArraySlice([0xa5, 0x5a, 0, 3, 0xff, 0xff, 0xff, 0xff] + [UInt8](repeating: 0, count: 64)), to: &records)
        #expect(records.isEmpty)
    }
}
