import Compression

/// A table's rows on their way into a Parquet file: plain values, each column of a row group in one page, compressed by
/// Zstandard. Of the rows that came only the last group's are in memory as they are.
///
/// [The format](https://github.com/apache/parquet-format)
public struct ParquetFile: Sendable {
    /// A file that is whole.
    public struct Content: Sendable {
        public let bytes: [UInt8]
        public let rows: Int64
        /// What values its columns have, as manifests tell it.
        public let metrics: [UInt8]
    }

    private static let magic = Array("PAR1".utf8)
    private static let zstandard: Int32 = 6
    private static let plain: Int32 = 0
    private static let runs: Int32 = 3
    /// Readers hold a row group of a column at a time.
    static let rowsInGroup = 20_000
    /// Bytes of values at which a group ends with fewer rows.
    static let groupSize = 16 << 20

    private struct Chunk: Sendable {
        let path: [String]
        let physical: ParquetSchema.Physical
        /// Nulls included.
        let count: Int64
        let nulls: Int64
        /// Of the column; none of a map's leaves.
        let range: ValueRange
        let offset: Int64
        /// With the page's header.
        let size: Int64
        let unpackedSize: Int64
    }

    private struct Group: Sendable {
        let chunks: [Chunk]
        let rows: Int64
    }

    private let columns: [Column]
    private var bytes = magic
    private var groups: [Group] = []
    private var open: RowGroup
    private var ranges: [ValueRange]
    public private(set) var rows: Int64 = 0

    public init(_ columns: [Column]) {
        self.columns = columns
        open = RowGroup(columns)
        ranges = columns.map { _ in ValueRange() }
    }

    /// - Throws: `TableFault`; the file is of no use then.
    public mutating func append(_ row: [Cell]) throws {
        try open.append(row)
        rows += 1
        if open.rows == Self.rowsInGroup || open.size >= Self.groupSize { try closeGroup() }
    }

    /// The file with all rows that came.
    public consuming func finished() throws -> Content {
        try closeGroup()
        let footer = footer
        bytes += footer
        bytes.appendLittleEndian(UInt32(footer.count))
        bytes += Self.magic
        return Content(bytes: bytes, rows: rows, metrics: ColumnMetrics.bytes(of: ranges, in: columns))
    }

    private mutating func closeGroup() throws {
        guard open.rows > 0 else { return }
        for index in ranges.indices { ranges[index].add(open.ranges[index]) }
        let leaves = zip(columns, open.ranges).flatMap { Array(repeating: $1, count: $0.isMap ? 2 : 1) }
        let chunks = try zip(open.pages, leaves).map { try append($0, $1) }
        groups.append(Group(chunks: chunks, rows: Int64(open.rows)))
        open = RowGroup(columns)
    }

    private mutating func append(_ page: ColumnPage, _ range: ValueRange) throws -> Chunk {
        let offset = bytes.count
        let values = page.bytes
        let packed = try ZstandardCompressor.compress(values)
        let header = ThriftWriter.structure { header in
            header.field(1, Int32(0))
            header.field(2, Int32(values.count))
            header.field(3, Int32(packed.count))
            header.field(5) { data in
                data.field(1, Int32(page.count))
                data.field(2, Self.plain)
                data.field(3, Self.runs)
                data.field(4, Self.runs)
            }
        }
        bytes += header
        bytes += packed
        return Chunk(
            path: page.path, physical: page.physical, count: Int64(page.count), nulls: page.nulls, range: range,
            offset: Int64(offset), size: Int64(bytes.count - offset), unpackedSize: Int64(header.count + values.count))
    }

    private var footer: [UInt8] {
        let elements = ParquetSchema.elements(of: columns)
        return ThriftWriter.structure { file in
            file.field(1, Int32(2))
            file.field(2, structures: elements) { ParquetSchema.write($1, to: &$0) }
            file.field(3, rows)
            file.field(4, structures: groups) { Self.write($1, to: &$0) }
            file.field(6, "Apus")
            // Every leaf's lowest and highest are those of its type's own order.
            file.field(7, structures: elements.filter(\.isLeaf)) { order, _ in order.field(1) { _ in } }
        }
    }

    private static func write(_ group: Group, to thrift: inout ThriftWriter) {
        thrift.field(1, structures: group.chunks) { column, chunk in
            column.field(2, chunk.offset)
            column.field(3) { write(chunk, to: &$0) }
        }
        thrift.field(2, group.chunks.reduce(0) { $0 + $1.unpackedSize })
        thrift.field(3, group.rows)
        if let first = group.chunks.first { thrift.field(5, first.offset) }
        thrift.field(6, group.chunks.reduce(0) { $0 + $1.size })
    }

    private static func write(_ chunk: Chunk, to thrift: inout ThriftWriter) {
        thrift.field(1, chunk.physical.rawValue)
        thrift.field(2, numbers: [plain, runs])
        thrift.field(3, texts: chunk.path)
        thrift.field(4, zstandard)
        thrift.field(5, chunk.count)
        thrift.field(6, chunk.unpackedSize)
        thrift.field(7, chunk.size)
        thrift.field(9, chunk.offset)
        thrift.field(12) { statistics in
            statistics.field(3, chunk.nulls)
            if let highest = chunk.range.highest.single { statistics.field(5, highest) }
            if let lowest = chunk.range.lowest.single { statistics.field(6, lowest) }
        }
    }
}
