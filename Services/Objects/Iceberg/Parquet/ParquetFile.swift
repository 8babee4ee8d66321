import Compression

/// Writes a table's rows as a Parquet file: plain values, each column of a row group in one page, compressed by Zstandard.
///
/// [The format](https://github.com/apache/parquet-format)
public enum ParquetFile {
    private static let magic = Array("PAR1".utf8)
    private static let zstandard: Int32 = 6
    private static let plain: Int32 = 0
    private static let runs: Int32 = 3
    /// Readers hold a row group of a column at a time.
    static let rowsInGroup = 20_000

    private struct Chunk {
        let page: ColumnPage
        let offset: Int64
        /// With the page's header.
        let size: Int64
        let unpackedSize: Int64
    }

    private struct Group {
        let chunks: [Chunk]
        let rows: Int64
    }

    /// - Throws: `TableFault`
    public static func bytes(of rows: [[Cell]], in columns: [Column]) throws -> [UInt8] {
        var bytes = magic
        var groups: [Group] = []
        for start in stride(from: 0, to: rows.count, by: rowsInGroup) {
            let part = rows[start..<min(start + rowsInGroup, rows.count)]
            let chunks = try ParquetRows.pages(of: part, in: columns).map { try append($0, to: &bytes) }
            groups.append(Group(chunks: chunks, rows: Int64(part.count)))
        }
        let footer = footer(of: groups, in: columns, rows: Int64(rows.count))
        bytes += footer
        bytes.appendLittleEndian(UInt32(footer.count))
        return bytes + magic
    }

    private static func append(_ page: ColumnPage, to bytes: inout [UInt8]) throws -> Chunk {
        let offset = bytes.count
        let values = page.bytes
        let packed = try ZstandardCompressor.compress(values)
        let header = ThriftWriter.structure { header in
            header.field(1, Int32(0))
            header.field(2, Int32(values.count))
            header.field(3, Int32(packed.count))
            header.field(5) { data in
                data.field(1, Int32(page.count))
                data.field(2, plain)
                data.field(3, runs)
                data.field(4, runs)
            }
        }
        bytes += header
        bytes += packed
        return Chunk(
            page: page, offset: Int64(offset), size: Int64(bytes.count - offset),
            unpackedSize: Int64(header.count + values.count))
    }

    private static func footer(of groups: [Group], in columns: [Column], rows: Int64) -> [UInt8] {
        ThriftWriter.structure { file in
            file.field(1, Int32(2))
            file.field(2, structures: ParquetSchema.elements(of: columns)) { ParquetSchema.write($1, to: &$0) }
            file.field(3, rows)
            file.field(4, structures: groups) { write($1, to: &$0) }
            file.field(6, "Apus")
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
        thrift.field(1, chunk.page.physical.rawValue)
        thrift.field(2, numbers: [plain, runs])
        thrift.field(3, texts: chunk.page.path)
        thrift.field(4, zstandard)
        thrift.field(5, Int64(chunk.page.count))
        thrift.field(6, chunk.unpackedSize)
        thrift.field(7, chunk.size)
        thrift.field(9, chunk.offset)
        thrift.field(12) { $0.field(3, chunk.page.nulls) }
    }
}
