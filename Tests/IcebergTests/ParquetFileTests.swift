import Compression
import Testing

@testable import Iceberg

@Suite struct ParquetFileTests {
    private static let columns = [
        Column(1, "key", .string, isRequired: true), Column(2, "flag", .boolean), Column(3, "size", .long),
        Column(4, "tags", .map(key: 5, value: 6)),
    ]

    /// The bytes of each page as a reader has them.
    private func pages(of rows: [[Cell]], _ columns: [Column] = columns) throws -> [[UInt8]] {
        var group = RowGroup(columns)
        for row in rows { try group.append(row) }
        return group.pages.map(\.bytes)
    }

    private func content(of rows: [[Cell]], _ columns: [Column] = columns) throws -> ParquetFile.Content {
        var file = ParquetFile(columns)
        for row in rows { try file.append(row) }
        return try file.finished()
    }

    /// Where frames of Zstandard begin: a file has one for each page.
    private func frames(in bytes: [UInt8]) -> [Int] {
        let mark: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
        return bytes.indices.dropLast(4).filter { bytes[$0] == mark[0] && Array(bytes[$0..<$0 + 4]) == mark }
    }

    @Test("A required column has values alone, one with nulls has runs of levels before them")
    func levels() throws {
        let rows: [[Cell]] = [
            [.string("ä"), .boolean(true), .null, .null], [.string("b"), .null, .long(-2), .map([])],
            [.string("c"), .boolean(false), .long(3), .map([.init("k", "v"), .init("l", "w")])],
        ]
        let pages = try pages(of: rows)
        #expect(pages.count == 5)
        #expect(pages[0] == [2, 0, 0, 0, 0xC3, 0xA4, 1, 0, 0, 0, 98, 1, 0, 0, 0, 99])
        // One run of a one, one of a null, one of a one; then two bits.
        #expect(pages[1] == [6, 0, 0, 0, 2, 1, 2, 0, 2, 1, 0b01])
        #expect(
            pages[2] == [4, 0, 0, 0, 2, 0, 4, 1] + [0xFE] + Array(repeating: 0xFF, count: 7) + [3]
                + Array(repeating: 0, count: 7))
        // Where entries follow in the same row; how deep each is; the keys.
        #expect(pages[3] == [4, 0, 0, 0, 6, 0, 2, 1, 6, 0, 0, 0, 2, 0, 2, 1, 4, 2, 1, 0, 0, 0, 107, 1, 0, 0, 0, 108])
        #expect(pages[4].suffix(10) == [1, 0, 0, 0, 118, 1, 0, 0, 0, 119])
    }

    @Test("A file begins and ends with its mark, its footer's length before the last")
    func frame() throws {
        let rows = (0..<3).map { [Cell.string("\($0)"), .null, .null, .null] }
        let bytes = try content(of: rows).bytes
        #expect(bytes.prefix(4) == Array("PAR1".utf8)[...])
        #expect(bytes.suffix(4) == Array("PAR1".utf8)[...])
        let length = bytes.suffix(8).prefix(4).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        // Version two, and a list of eight elements of the schema.
        #expect(bytes[(bytes.count - 8 - length)...].prefix(4) == [0x15, 0x04, 0x19, 0x8C])
    }

    @Test("More rows than a group has are several groups, each compressed so that it expands again")
    func groups() throws {
        let columns = [Column(1, "key", .string, isRequired: true)]
        let count = ParquetFile.rowsInGroup + 1
        let bytes = try content(of: (0..<count).map { [.string("key-\($0)")] }, columns).bytes
        let frames = frames(in: bytes)
        #expect(frames.count == 2)
        let last = try #require(frames.last)
        let expander = try ZstandardExpander()
        expander.append(Array(bytes[last..<last + 40]))
        #expect(try expander.next() == [9, 0, 0, 0] + Array("key-\(count - 1)".utf8))
    }

    @Test("Rows of long values are several groups, so that few of them are in memory as they are")
    func largeRows() throws {
        let columns = [Column(1, "key", .string, isRequired: true)]
        let long = String(repeating: "x", count: 1 << 20)
        let content = try content(of: (0..<40).map { [.string("\($0)\(long)")] }, columns)
        #expect(frames(in: content.bytes).count == 3)
        #expect(content.rows == 40)
    }

    @Test("A file without rows has no groups")
    func empty() throws {
        let content = try content(of: [])
        #expect(frames(in: content.bytes).isEmpty)
        #expect(content.rows == 0)
    }

    @Test("Rows that do not fit their columns are refused")
    func faults() {
        func fault(_ row: [Cell]) -> TableFault? {
            do {
                _ = try content(of: [[.string("a"), .null, .null, .null], row])
                return nil
            } catch {
                return error as? TableFault
            }
        }
        #expect(fault([.string("b")]) == .width(row: 1))
        #expect(fault([.null, .null, .null, .null]) == .kind(row: 1, column: "key"))
        #expect(fault([.string("b"), .long(1), .null, .null]) == .kind(row: 1, column: "flag"))
        #expect(fault([.string("b"), .null, .timestamp(1), .null]) == .kind(row: 1, column: "size"))
        #expect(fault([.string("b"), .null, .null, .string("x")]) == .kind(row: 1, column: "tags"))
        #expect(fault([.string("b"), .null, .null, .null]) == nil)
    }
}
