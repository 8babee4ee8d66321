/// Turns rows into the pages of their columns.
///
/// What is null and where a list begins is told by levels, as in
/// [Dremel](https://research.google/pubs/dremel-interactive-analysis-of-web-scale-datasets-2/).
enum ParquetRows {
    /// - Throws: `TableFault`
    static func pages(of rows: ArraySlice<[Cell]>, in columns: [Column]) throws -> [ColumnPage] {
        for (index, row) in rows.enumerated() where row.count != columns.count { throw TableFault.width(row: index) }
        return try columns.enumerated().flatMap { position, column in
            if case .map = column.kind { return try map(rows, at: position, column) }
            return [try plain(rows, at: position, column)]
        }
    }

    private static func plain(_ rows: ArraySlice<[Cell]>, at position: Int, _ column: Column) throws -> ColumnPage {
        let physical: ParquetSchema.Physical =
            switch column.kind {
            case .string, .map: .bytes
            case .boolean: .boolean
            case .long, .timestamp: .int64
            }
        let deepest: UInt8 = column.isRequired ? 0 : 1
        var page = ColumnPage(path: [column.name], physical, repetition: 0, definition: deepest)
        for (index, row) in rows.enumerated() {
            let cell = row[position]
            let isNull = cell == .null
            page.place(definition: isNull ? 0 : deepest, isNull: isNull)
            switch (cell, column.kind) {
            case (.null, _) where !column.isRequired: break
            case (.string(let text), .string): page.append(text)
            case (.boolean(let flag), .boolean): page.append(flag)
            case (.long(let number), .long), (.timestamp(let number), .timestamp): page.append(number)
            default: throw TableFault.kind(row: index, column: column.name)
            }
        }
        return page
    }

    /// Keys and values are two leaves with the same levels.
    private static func map(_ rows: ArraySlice<[Cell]>, at position: Int, _ column: Column) throws -> [ColumnPage] {
        // Of an entry; one less of a map without entries.
        let deepest: UInt8 = column.isRequired ? 1 : 2
        func page(_ leaf: String) -> ColumnPage {
            ColumnPage(path: [column.name, "key_value", leaf], .bytes, repetition: 1, definition: deepest)
        }
        var (keys, values) = (page("key"), page("value"))
        for (index, row) in rows.enumerated() {
            switch row[position] {
            case .map(let entries) where !entries.isEmpty:
                for (number, entry) in entries.enumerated() {
                    keys.place(repetition: number == 0 ? 0 : 1, definition: deepest, isNull: false)
                    values.place(repetition: number == 0 ? 0 : 1, definition: deepest, isNull: false)
                    keys.append(entry.key)
                    values.append(entry.value)
                }
            case .map:
                keys.place(definition: deepest - 1, isNull: true)
                values.place(definition: deepest - 1, isNull: true)
            case .null where !column.isRequired:
                keys.place(definition: 0, isNull: true)
                values.place(definition: 0, isNull: true)
            default: throw TableFault.kind(row: index, column: column.name)
            }
        }
        return [keys, values]
    }
}
