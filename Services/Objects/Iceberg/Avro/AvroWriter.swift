/// Writes values in Avro's binary encoding.
///
/// [The specification](https://avro.apache.org/docs/1.12.0/specification/#binary-encoding)
struct AvroWriter {
    private(set) var bytes: [UInt8] = []

    /// An `int` or a `long`.
    mutating func number(_ value: Int64) { bytes.appendZigzag(value) }

    mutating func text(_ text: String) { binary(Array(text.utf8)) }

    mutating func binary(_ value: [UInt8]) {
        number(Int64(value.count))
        bytes += value
    }

    /// What is encoded already.
    mutating func append(_ encoded: [UInt8]) { bytes += encoded }

    /// The second branch of a union whose first is null.
    mutating func some(_ value: Int64) {
        number(1)
        number(value)
    }
}

/// A file of records of one schema.
///
/// [Object container files](https://avro.apache.org/docs/1.12.0/specification/#object-container-files)
enum AvroFile {
    private static let magic = Array("Obj".utf8) + [1]
    private static let markCount = 16

    /// - Parameters:
    ///   - metadata: what the header tells besides the schema.
    ///   - mark: sixteen bytes that end every block, and occur nowhere else.
    static func bytes(
        schema: String, metadata: [(name: String, value: String)], records: [[UInt8]], mark: [UInt8]
    ) -> [UInt8] {
        precondition(mark.count == markCount)
        let pairs = [("avro.schema", schema), ("avro.codec", "null")] + metadata.map { ($0.name, $0.value) }
        var file = AvroWriter()
        file.number(Int64(pairs.count))
        for (name, value) in pairs {
            file.text(name)
            file.text(value)
        }
        file.number(0)
        var bytes = magic + file.bytes + mark
        guard !records.isEmpty else { return bytes }
        var block = AvroWriter()
        block.number(Int64(records.count))
        block.number(Int64(records.reduce(0) { $0 + $1.count }))
        bytes += block.bytes
        for record in records { bytes += record }
        return bytes + mark
    }
}
