import ServiceKit

/// The items of one object, in the format of its import.
struct ImportedItems {
    private var reader: RecordReader
    /// `nil` for DynamoDB JSON.
    private let layout: CSVLayout?

    /// Reads the header, if there is one.
    ///
    /// - Throws: `MalformedSource` for a header that is none, and what the stream throws.
    init(_ bytes: ObjectBytes, _ request: ImportRequest, into table: TableDefinition) async throws {
        guard request.format == "CSV" else {
            reader = RecordReader(bytes, JSONFraming())
            layout = nil
            return
        }
        reader = RecordReader(bytes, CSVFraming())
        let delimiter = request.csv?.delimiter?.utf8.first ?? UInt8(ascii: ",")
        var header = request.csv?.header
        if header == nil { header = try await reader.next().map { try CSVLayout.fields($0, delimiter) } }
        layout = try CSVLayout(header: header ?? [], delimiter: delimiter, attributes: table.attributeDefinitions)
    }

    /// Expanded bytes up to the end of the last item.
    var position: Int64 { reader.position }

    mutating func skip(to position: Int64) async throws { try await reader.skip(to: position) }

    /// `nil` at the end of the object.
    ///
    /// - Throws: `MalformedSource` for what is no item, and what the stream throws.
    mutating func next() async throws -> AttributeMap? {
        guard let record = try await reader.next() else { return nil }
        return try layout?.item(record) ?? JSONRecord.item(record)
    }
}
