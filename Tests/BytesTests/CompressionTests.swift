import CZstd
import Compression
import Testing

@Suite("Compression")
struct CompressionTests {
    private static let text = Array(String(repeating: "An item a line.\n", count: 40_000).utf8)

    private static func expanded(_ bytes: [UInt8], _ coding: ContentCoding) throws -> [UInt8] {
        try expanded(bytes, by: Expander(coding))
    }

    private static func expanded(_ bytes: [UInt8], by expander: any StreamExpander) throws -> [UInt8] {
        var expanded: [UInt8] = []
        for byte in bytes {
            expander.append([byte])
            while case let piece = try expander.next(), !piece.isEmpty {
                #expect(piece.count <= Expander.pieceSize)
                expanded += piece
            }
        }
        try expander.finish()
        return expanded
    }

    @Test("What is compressed expands in pieces of a bounded size", arguments: [ContentCoding.gzip, .deflate])
    func roundTrip(_ coding: ContentCoding) throws {
        for effort in [Compressor.Effort.little, .usual] {
            let packed = try Compressor.compress(Self.text, as: coding, effort: effort)
            #expect(packed.count < Self.text.count / 50)
            #expect(try Self.expanded(packed, coding) == Self.text)
            #expect(throws: CompressionFault.self) { try Self.expanded(packed.dropLast(), coding) }
            #expect(throws: CompressionFault.self) { try Self.expanded(packed + [0], coding) }
        }
        #expect(try Self.expanded(Compressor.compress([], as: coding), coding).isEmpty)
        #expect(throws: CompressionFault.self) { try Self.expanded([], coding) }
    }

    @Test("Only gzip has members that follow one another")
    func members() throws {
        let packed = try Compressor.compress(Self.text)
        #expect(try Self.expanded(packed + packed, .gzip) == Self.text + Self.text)
        let deflated = try Compressor.compress(Self.text, as: .deflate)
        #expect(throws: CompressionFault.self) { try Self.expanded(deflated + deflated, .deflate) }
    }

    @Test("Zstandard expands in pieces of a bounded size, frame after frame")
    func zstandard() throws {
        let packed = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(Self.text.count)) { space, count in
            count = ZSTD_compress(space.baseAddress, space.count, Self.text, Self.text.count, 3)
        }
        #expect(packed.count < Self.text.count / 50)
        #expect(try Self.expanded(packed, by: ZstandardExpander()) == Self.text)
        #expect(try Self.expanded(packed + packed, by: ZstandardExpander()) == Self.text + Self.text)
        #expect(throws: CompressionFault.self) { try Self.expanded(packed.dropLast(), by: ZstandardExpander()) }
        #expect(throws: CompressionFault.self) { try Self.expanded(packed + [0], by: ZstandardExpander()) }
        #expect(throws: CompressionFault.self) { try Self.expanded([], by: ZstandardExpander()) }
        #expect(throws: CompressionFault.self) { try Self.expanded(Self.text, by: ZstandardExpander()) }
    }
}
