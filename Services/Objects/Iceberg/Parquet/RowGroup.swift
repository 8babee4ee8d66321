/// Rows on their way into a file, taken apart into the pages of their columns.
///
/// What is null and where a list begins is told by levels, as in
/// [Dremel](https://research.google/pubs/dremel-interactive-analysis-of-web-scale-datasets-2/).
struct RowGroup: Sendable {
    private let columns: [Column]
    /// One for each leaf: a map's keys and values are two, with the same levels.
    private(set) var pages: [ColumnPage]
    /// What values each column has.
    private(set) var ranges: [ValueRange]
    private(set) var rows = 0

    init(_ columns: [Column]) {
        self.columns = columns
        pages = columns.flatMap(Self.pages)
        ranges = columns.map { _ in ValueRange() }
    }

    /// Of the values, not compressed.
    var size: Int { pages.reduce(0) { $0 + $1.size } }

    private static func pages(of column: Column) -> [ColumnPage] {
        let deepest: UInt8 = column.isRequired ? 0 : 1
        let physical: ParquetSchema.Physical
        switch column.kind {
        case .map:
            // Of an entry; one less of a map without entries.
            return ["key", "value"].map {
                ColumnPage(path: [column.name, "key_value", $0], .bytes, repetition: 1, definition: deepest + 1)
            }
        case .string: physical = .bytes
        case .boolean: physical = .boolean
        case .long, .timestamp: physical = .int64
        }
        return [ColumnPage(path: [column.name], physical, repetition: 0, definition: deepest)]
    }

    /// - Throws: `TableFault`; the group is of no use then.
    mutating func append(_ row: [Cell]) throws {
        guard row.count == columns.count else { throw TableFault.width(row: rows) }
        var page = 0
        for (position, column) in columns.enumerated() {
            if column.isMap {
                try append(map: row[position], of: column, to: page)
                page += 2
            } else {
                try append(row[position], of: column, to: page)
                page += 1
            }
            ranges[position].add(row[position])
        }
        rows += 1
    }

    private mutating func append(_ cell: Cell, of column: Column, to page: Int) throws {
        let deepest: UInt8 = column.isRequired ? 0 : 1
        switch (cell, column.kind) {
        case (.null, _) where !column.isRequired: return pages[page].place(definition: 0, isNull: true)
        case (.string(let text), .string): pages[page].append(text)
        case (.boolean(let flag), .boolean): pages[page].append(flag)
        case (.long(let number), .long), (.timestamp(let number), .timestamp): pages[page].append(number)
        default: throw TableFault.kind(row: rows, column: column.name)
        }
        pages[page].place(definition: deepest, isNull: false)
    }

    private mutating func append(map cell: Cell, of column: Column, to page: Int) throws {
        let empty: UInt8 = column.isRequired ? 0 : 1
        switch cell {
        case .map(let entries) where !entries.isEmpty:
            for (number, entry) in entries.enumerated() {
                for (page, text) in [(page, entry.key), (page + 1, entry.value)] {
                    pages[page].place(repetition: number == 0 ? 0 : 1, definition: empty + 1, isNull: false)
                    pages[page].append(text)
                }
            }
        case .map: for page in [page, page + 1] { pages[page].place(definition: empty, isNull: true) }
        case .null where !column.isRequired:
            for page in [page, page + 1] { pages[page].place(definition: 0, isNull: true) }
        default: throw TableFault.kind(row: rows, column: column.name)
        }
    }
}
