import Testing

@testable import Iceberg

@Suite struct ValueRangeTests {
    private func range(of cells: [Cell]) -> ValueRange {
        var range = ValueRange()
        for cell in cells { range.add(cell) }
        return range
    }

    @Test("Text is compared by its bytes, numbers by their size, and nulls are counted alone")
    func order() {
        let texts = range(of: [
            .string("e\u{301}"), .null, .string("é"), .string("Z"), .string("\u{FFFD}"), .string("😀"),
        ])
        #expect(texts.lowest == .string("Z"))
        // Before U+FFFD in UTF-16, behind it in UTF-8.
        #expect(texts.highest == .string("😀"))
        #expect((texts.count, texts.nulls) == (6, 1))
        let numbers = range(of: [.long(3), .long(-20), .long(100)])
        #expect((numbers.lowest, numbers.highest) == (.long(-20), .long(100)))
        let flags = range(of: [.boolean(true), .boolean(false)])
        #expect((flags.lowest, flags.highest) == (.boolean(false), .boolean(true)))
        #expect(range(of: [.null, .map([])]).lowest == .null)
    }

    @Test("Two ranges make one, also where one of them has nothing but nulls")
    func union() {
        var all = range(of: [.timestamp(5)])
        all.add(range(of: [.null]))
        all.add(range(of: [.timestamp(9), .timestamp(2)]))
        #expect((all.lowest, all.highest, all.count, all.nulls) == (.timestamp(2), .timestamp(9), 4, 1))
    }

    @Test("Bounds of long text are short, and nothing of the file is outside of them")
    func bounds() {
        let long = String(repeating: "a", count: 63)
        func bounds(_ text: String) -> (Cell, Cell) { (Cell.string(text).lowerBound, Cell.string(text).upperBound) }
        #expect(bounds(long + "b") == (.string(long + "b"), .string(long + "b")))
        #expect(bounds(long + "bc") == (.string(long + "b"), .string(long + "c")))
        #expect(bounds(long + "\u{D7FF}c").1 == .string(long + "\u{E000}"))
        // Behind the last character there is none: the one before it is raised.
        let last = "\u{10FFFF}"
        #expect(bounds(long + last + "c").1 == .string(long.dropLast() + "b"))
        #expect(bounds(String(repeating: last, count: 65)).1 == .null)
    }

    @Test("Metrics of bounded columns stand under their numbers, as Avro has maps with such keys")
    func metrics() {
        let columns = [
            Column(1, "key", .string, isRequired: true, isBounded: true), Column(2, "etag", .string),
            Column(3, "size", .long, isBounded: true),
        ]
        let bytes = ColumnMetrics.bytes(
            of: [range(of: [.string("a"), .string("b")]), range(of: [.string("x")]), range(of: [.null, .null])],
            in: columns)
        // Counts, nulls, lower and upper bounds; of the third column there are no bounds.
        #expect(bytes == [2, 4, 2, 4, 6, 4, 0] + [2, 4, 2, 0, 6, 4, 0] + [2, 2, 2, 2, 97, 0] + [2, 2, 2, 2, 98, 0])
    }

    @Test("Values by themselves are little-endian")
    func single() {
        #expect(Cell.long(-2).single == [0xFE] + Array(repeating: 0xFF, count: 7))
        #expect(Cell.timestamp(258).single == [2, 1, 0, 0, 0, 0, 0, 0])
        #expect(Cell.boolean(true).single == [1])
        #expect(Cell.string("é").single == [0xC3, 0xA9])
        #expect(Cell.map([]).single == nil)
    }
}
