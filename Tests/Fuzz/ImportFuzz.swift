import CZstd
import Compression
import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

/// Mutated objects never trap the reader of imports, and cutting them differently never changes what it says.
@Suite("Fuzzed imports")
struct ImportFuzz {
    private static let tokens = [
        "\n", "\r\n", "\"", "\"\"", ",", "{", "}", "[", "]", "\\", "{\"Item\":", "{Item:", "'", "'''", "{{", "}}", "//",
        "/*", "*/", "$ion_1_0", "::", "$dynamodb_NS::[", "1d2",
        "\u{0}", "\u{feff}", "é",
    ]
    private static let layout = Result {
        try CSVLayout(
            header: ["p", "c", "text"], delimiter: UInt8(ascii: ","),
            attributes: [KeyAttribute(name: "p", kind: .string), KeyAttribute(name: "c", kind: .number)])
    }

    @Test("Lines of CSV are the same lines however the object is cut")
    func csv() async throws {
        let layout = try Self.layout.get()
        try await fuzz("csv", seed: 6, CSVFraming()) { try layout.item($0) }
    }

    @Test("Records of DynamoDB JSON are the same records however the object is cut")
    func json() async throws {
        try await fuzz("json", seed: 7, JSONFraming()) { try JSONRecord.item($0) }
    }

    @Test("Records of Ion are the same records however the object is cut, and come back as they were read")
    func ion() async throws {
        try await fuzz("ion", seed: 15, IonFraming()) { record in
            let item = try IonRecord.item(record)
            var writer = IonWriter()
            writer.line(["Item": .map(item)])
            #expect(try IonRecord.item(Array(writer.bytes.dropLast())) == item, "\(record)")
            return item
        }
    }

    /// Records up to the first fault, and whether there was one.
    private struct Reading: Equatable {
        var records: [[UInt8]] = []
        var fault: String?
    }

    private func fuzz(
        _ folder: String, seed: UInt64, _ framing: any RecordFraming, _ item: ([UInt8]) throws -> AttributeMap
    ) async throws {
        var mutator = Mutator(try Corpus.load("imports/" + folder), tokens: Self.tokens, seed: seed)
        var accepted = 0
        for number in 0..<Corpus.inputs {
            let input = mutator.next()
            let whole = try await Self.read([input], framing)
            let cut = try await Self.read(mutator.pieces(of: input), framing)
            #expect(whole == cut, "input \(number): \(input)")
            for record in whole.records where (try? item(record)) != nil { accepted += 1 }
        }
        #expect(accepted > Corpus.inputs / 20)
    }

    private static func read(
        _ pieces: [[UInt8]], _ framing: any RecordFraming,
        _ compression: ImportRequest.Compression = .none
    ) async throws -> Reading {
        var reader = RecordReader(try ObjectBytes(.arriving(pieces), compression), framing)
        var reading = Reading()
        do {
            while let record = try await reader.next() { reading.records.append(record) }
        } catch let fault as MalformedSource {
            reading.fault = fault.reason
        }
        return reading
    }

    @Test("Damaged gzip is found damaged or expanded, the same however it is cut")
    func gzip() async throws {
        try await damage(Corpus.load("imports/csv").map { try Compressor.compress($0) }, .gzip, seed: 8)
    }

    @Test("Damaged Zstandard is found damaged or expanded, the same however it is cut")
    func zstandard() async throws {
        let corpus = try Corpus.load("imports/csv").map { bytes in
            [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { space, count in
                count = ZSTD_compress(space.baseAddress, space.count, bytes, bytes.count, 3)
            }
        }
        try await damage(corpus, .zstd, seed: 16)
    }

    private func damage(
        _ corpus: [[UInt8]], _ compression: ImportRequest.Compression, seed: UInt64
    ) async throws {
        var mutator = Mutator(corpus, tokens: [], seed: seed)
        var faults = 0
        for number in 0..<Corpus.inputs / 4 {
            let input = mutator.next()
            let whole = try await Self.read([input], CSVFraming(), compression)
            let cut = try await Self.read(mutator.pieces(of: input), CSVFraming(), compression)
            #expect(whole.fault == cut.fault, "input \(number): \(input)")
            if whole.fault == nil { #expect(whole.records == cut.records) } else { faults += 1 }
        }
        #expect(faults > Corpus.inputs / 80 && faults < Corpus.inputs / 4)
    }
}
