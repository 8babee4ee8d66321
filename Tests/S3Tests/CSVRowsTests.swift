import Testing

@testable import S3

@Suite("Lists of jobs: comma-separated values")
struct CSVRowsTests {
    @Test(
        "are read the same in pieces of any size",
        arguments: [1, 2, 3, 7, 1000])
    func pieces(size: Int) throws {
        let text = "photos,a%20b.jpg,v1\r\n\"photos\",\"with \"\"quotes\"\", and comma\",\n\nphotos,\"two\nlines\",v3"
        var rows = CSVRows()
        var found: [[String]] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            found += try rows.append(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        found += rows.finish()
        #expect(
            found == [
                ["photos", "a%20b.jpg", "v1"], ["photos", "with \"quotes\", and comma", ""],
                ["photos", "two\nlines", "v3"],
            ])
    }

    @Test("are refused where a row has no end")
    func endless() {
        var rows = CSVRows()
        #expect(throws: BatchJob.Failure.self) {
            for _ in 0..<100 { _ = try rows.append(Array(repeating: UInt8(ascii: "x"), count: 1000)) }
        }
    }

    @Test("are written so that they are read as they were")
    func roundTrip() throws {
        let row = ["plain", "with,comma", "with \"quotes\"", "two\nlines", ""]
        var rows = CSVRows()
        #expect(try rows.append(Array(CSVRows.line(row).utf8)) == [row])
    }
}
