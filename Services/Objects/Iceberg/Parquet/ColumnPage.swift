/// The values of one leaf of a column in a row group, as a page has them: levels first, then what is not null.
struct ColumnPage: Sendable {
    /// Where the leaf is: `["object_tags", "key_value", "key"]`.
    let path: [String]
    let physical: ParquetSchema.Physical
    /// Nulls included.
    private(set) var count = 0
    private(set) var nulls: Int64 = 0
    private var values: [UInt8] = []
    private var bits = 0
    private var repetition: LevelRuns?
    private var definition: LevelRuns?

    init(path: [String], _ physical: ParquetSchema.Physical, repetition: UInt8, definition: UInt8) {
        self.path = path
        self.physical = physical
        self.repetition = repetition > 0 ? LevelRuns(highest: repetition) : nil
        self.definition = definition > 0 ? LevelRuns(highest: definition) : nil
    }

    /// Of the values, not compressed.
    var size: Int { values.count }

    /// Counts a value; those that are not null are appended besides.
    mutating func place(repetition level: UInt8 = 0, definition depth: UInt8, isNull: Bool) {
        count += 1
        if isNull { nulls += 1 }
        repetition?.append(level)
        definition?.append(depth)
    }

    mutating func append(_ text: String) {
        values.appendLittleEndian(UInt32(text.utf8.count))
        values += text.utf8
    }

    mutating func append(_ number: Int64) { values.appendLittleEndian(number) }

    mutating func append(_ flag: Bool) {
        if bits.isMultiple(of: 8) { values.append(0) }
        if flag { values[values.count - 1] |= 1 << UInt8(bits % 8) }
        bits += 1
    }

    /// Not compressed yet.
    var bytes: [UInt8] { (repetition?.bytes ?? []) + (definition?.bytes ?? []) + values }
}

/// Levels in Parquet's hybrid encoding, of which only runs are used: most columns have one level throughout.
///
/// [Encodings](https://github.com/apache/parquet-format/blob/master/Encodings.md#RLE)
private struct LevelRuns: Sendable {
    private var done: [UInt8] = []
    private var level: UInt8 = 0
    private var length: UInt64 = 0

    /// - Parameter highest: up to 255, so that a level takes a byte.
    init(highest: UInt8) {}

    mutating func append(_ next: UInt8) {
        if next != level, length > 0 { close() }
        level = next
        length += 1
    }

    private mutating func close() {
        done.appendVariable(length << 1)
        done.append(level)
        length = 0
    }

    /// With their length before them.
    var bytes: [UInt8] {
        var runs = self
        if runs.length > 0 { runs.close() }
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(UInt32(runs.done.count))
        return bytes + runs.done
    }
}
