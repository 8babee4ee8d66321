import JSON
import Testing

@testable import Iceberg

@Suite struct ManifestTests {
    private static let mark = [UInt8](repeating: 7, count: 16)
    private static let columns = [
        Column(1, "key", .string, isRequired: true), Column(2, "tags", .map(key: 3, value: 4)),
    ]
    private static let files = [
        DataFile(path: "s3://w/data/a", rows: 3, size: 300, metrics: nil, snapshot: 11, sequence: 1),
        DataFile(path: "s3://w/data/b", rows: 64, size: 6400, metrics: [2, 0, 0, 0, 0], snapshot: 12, sequence: 2),
    ]
    private static let manifest = Manifest(columns: columns, files: files, snapshot: 12, sequence: 2)

    /// What stands between the last two marks: the records of the one block.
    private func block(of file: [UInt8]) throws -> [UInt8] {
        let marks = file.indices.dropLast(15).filter { Array(file[$0..<$0 + 16]) == Self.mark }
        try #require(marks.count == 2)
        return Array(file[(marks[0] + 16)..<marks[1]])
    }

    @Test("An Avro file tells its schema and what else is said of it, and one block of records between two marks")
    func container() throws {
        let file = AvroFile.bytes(schema: "\"long\"", metadata: [("a", "b")], records: [[2], [4]], mark: Self.mark)
        let header = "Obj\u{1}\u{6}\u{16}avro.schema\u{C}\"long\"\u{14}avro.codec\u{8}null\u{2}a\u{2}b\u{0}"
        #expect(file == Array(header.utf8) + Self.mark + [4, 4, 2, 4] + Self.mark)
    }

    @Test("A manifest tells what its snapshot brought and what it found")
    func entries() throws {
        let block = try block(of: Self.manifest.bytes(mark: Self.mark))
        func entry(_ status: UInt8, _ snapshot: UInt8, _ sequence: UInt8, _ path: String, _ numbers: [UInt8]) -> [UInt8]
        {
            [status * 2, 2, snapshot * 2, 2, sequence * 2, 2, sequence * 2, 0, UInt8(path.utf8.count * 2)]
                + Array(path.utf8) + [14] + Array("PARQUET".utf8) + numbers
        }
        // 300 and 6400 as Avro writes them, twice as large.
        let records =
            entry(0, 11, 1, "s3://w/data/a", [6, 0xD8, 0x04] + [0, 0, 0, 0])
            + entry(1, 12, 2, "s3://w/data/b", [0x80, 0x01, 0x80, 0x64] + [2, 0, 0, 0, 0])
        #expect(block.prefix(1) == [4])
        #expect(block.suffix(records.count) == records[...])
    }

    @Test("A manifest list tells of the manifest's files without its being opened")
    func list() throws {
        let list = ManifestList(Self.manifest, path: "s3://w/m", size: 50, parent: 11)
        let block = try block(of: list.bytes(mark: Self.mark))
        // Length, specification, content, both sequence numbers, the snapshot; files and rows added, found and deleted.
        let record = [16] + Array("s3://w/m".utf8) + [100, 0, 0, 4, 2, 24] + [2, 2, 0, 0x80, 0x01, 6, 0]
        #expect(block == [2, UInt8(record.count * 2)] + record)
    }

    @Test("Metadata tell the schema by numbers, and the last snapshot as the present one")
    func metadata() throws {
        let snapshot = TableMetadata.Snapshot(
            id: 12, sequence: 2, parent: 11, time: 1000, manifestList: "s3://w/l", operation: .append, rows: 67,
            files: 2)
        let metadata = TableMetadata(
            id: "u", location: "s3://w", columns: Self.columns, snapshots: [snapshot], updated: 1000)
        let json = try JSONDocument(metadata.bytes).root
        #expect(json["format-version"]?.int64 == 2)
        #expect(json["last-column-id"]?.int64 == 4)
        #expect(json["current-snapshot-id"]?.int64 == 12)
        #expect(json["refs"]?["main"]?["snapshot-id"]?.int64 == 12)
        let told = json["snapshots"]?.elements.first { _ in true }
        #expect(told?["summary"]?["total-records"]?.string == "67")
        let fields = json["schemas"]?.elements.first { _ in true }?["fields"]?.elements.map(\.self) ?? []
        #expect(fields.map { $0["required"]?.bool } == [true, false])
        #expect(fields.last?["type"]?["value-id"]?.int64 == 4)
        let empty = TableMetadata(id: "u", location: "s3://w", columns: Self.columns, snapshots: [], updated: 1000)
        #expect(try JSONDocument(empty.bytes).root["current-snapshot-id"]?.int64 == -1)
    }
}
