import Bytes
import TestSupport
import Testing

@Suite("Streams of bytes")
struct ByteStreamTests {
    @Test("Gathered pieces are large, but for the first, which nobody waits behind, and the last")
    func gathered() async throws {
        let bytes = (0..<95).map(UInt8.init)
        let gathered = ByteStream.arriving(bytes, size: 10).gathered(into: 25)
        var pieces: [[UInt8]] = []
        while let piece = try await gathered.next() { pieces.append(piece) }
        #expect(pieces.map(\.count) == [10, 30, 30, 25])
        #expect(pieces.flatMap { $0 } == bytes)
    }
}
