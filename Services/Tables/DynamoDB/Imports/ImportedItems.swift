import ServiceKit

/// The items of one object, in the format of its import.
struct ImportedItems {
    private enum Format {
        case json
        case ion
        case csv(CSVLayout)
    }

    private var reader: RecordReader
    private let format: Format

    /// Reads the header, if there is one.
    ///
    /// - Throws: `MalformedSource` for a header that is none, and what the stream throws.
    init(_ bytes: ObjectBytes, _ request: ImportRequest, into table: TableDefinition) async throws {
        switch request.format {
        case "CSV":
            reader = RecordReader(bytes, CSVFraming())
            format = .csv(try await Self.layout(of: &reader, request, table))
        case "ION":
            reader = RecordReader(bytes, IonFraming())
            format = .ion
        default:
            reader = RecordReader(bytes, JSONFraming())
            format = .json
        }
    }

    private static func layout(
        of reader: inout RecordReader, _ request: ImportRequest, _ table: TableDefinition
    ) async throws -> CSVLayout {
        let delimiter = request.csv?.delimiter?.utf8.first ?? UInt8(ascii: ",")
        var header = request.csv?.header
        if header == nil { header = try await reader.next().map { try CSVLayout.fields($0, delimiter) } }
        return try CSVLayout(header: header ?? [], delimiter: delimiter, attributes: table.attributeDefinitions)
    }

    /// Expanded bytes up to the end of the last item.
    var position: Int64 { reader.position }

    mutating func skip(to position: Int64) async throws { try await reader.skip(to: position) }

    /// `nil` at the end of the object.
    ///
    /// - Throws: `MalformedSource` for what is no item, and what the stream throws.
    mutating func next() async throws -> AttributeMap? {
        guard let record = try await reader.next() else { return nil }
        return switch format {
        case .json: try JSONRecord.item(record)
        case .ion: try IonRecord.item(record)
        case .csv(let layout): try layout.item(record)
        }
    }
}
