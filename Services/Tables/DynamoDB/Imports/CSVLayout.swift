import Bytes
import ServiceKit

/// How the lines of one CSV object become items.
struct CSVLayout {
    private let header: [Text]
    private let delimiter: UInt8
    /// Of attributes in keys; all others are strings.
    private let types: [Text: AttributeValue.Kind]

    /// - Throws: `MalformedSource` for a header that names an attribute twice.
    init(
        header: [String], delimiter: UInt8, attributes: [KeyAttribute]
    ) throws(MalformedSource) {
        self.header = header.map { Text($0) }
        self.delimiter = delimiter
        types = Dictionary(attributes.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
        guard Set(self.header).count == header.count, !header.contains("") else {
            throw MalformedSource(reason: "The header names an attribute twice, or not at all.")
        }
    }

    /// The item of a line. An empty field is an attribute the item does not have.
    func item(_ record: [UInt8]) throws(MalformedSource) -> AttributeMap {
        let fields = try Self.fields(record, delimiter)
        guard fields.count == header.count else {
            throw MalformedSource(reason: "A line has \(fields.count) fields and the header \(header.count).")
        }
        var item = AttributeMap()
        for (name, field) in zip(header, fields) where !field.isEmpty {
            item[name] = try value(field, of: types[name] ?? .string)
        }
        return item
    }

    private func value(_ field: String, of kind: AttributeValue.Kind) throws(MalformedSource) -> AttributeValue {
        switch kind {
        case .number:
            do { return .number(try DynamoDBNumber(field)) } catch { throw MalformedSource(reason: error.message) }
        case .binary:
            guard let bytes = Base64.decode(Array(field.utf8)) else {
                throw MalformedSource(reason: "A binary key is not base64.")
            }
            return .binary(bytes)
        default: return .string(Text(field))
        }
    }

    /// The fields of a line, without their quotes.
    static func fields(_ record: [UInt8], _ delimiter: UInt8) throws(MalformedSource) -> [String] {
        var scanner = FieldScanner(record, delimiter)
        var fields: [String] = []
        repeat {
            guard let field = String(validating: try scanner.field(), as: UTF8.self) else {
                throw MalformedSource(reason: "A line is not valid UTF-8.")
            }
            fields.append(field)
        } while scanner.passDelimiter()
        guard scanner.isAtEnd else { throw MalformedSource(reason: "A quoted field goes on behind its quotes.") }
        return fields
    }
}

/// Reads the fields of one line.
private struct FieldScanner {
    private static let quote = UInt8(ascii: "\"")

    private let line: ArraySlice<UInt8>
    private let delimiter: UInt8
    private var index: Int

    init(_ record: [UInt8], _ delimiter: UInt8) {
        let isBreak = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
        var line = record.drop(while: isBreak)
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        self.line = line
        self.delimiter = delimiter
        index = line.startIndex
    }

    var isAtEnd: Bool { index == line.endIndex }

    mutating func passDelimiter() -> Bool {
        guard !isAtEnd, line[index] == delimiter else { return false }
        index += 1
        return true
    }

    mutating func field() throws(MalformedSource) -> [UInt8] {
        guard !isAtEnd, line[index] == Self.quote else { return try plainField() }
        index += 1
        var field: [UInt8] = []
        while !isAtEnd {
            let byte = line[index]
            index += 1
            if byte != Self.quote {
                field.append(byte)
            } else if !isAtEnd, line[index] == Self.quote {
                field.append(byte)
                index += 1
            } else {
                return field
            }
        }
        throw MalformedSource(reason: "A quoted field has no end.")
    }

    private mutating func plainField() throws(MalformedSource) -> [UInt8] {
        let end = line[index...].firstIndex(of: delimiter) ?? line.endIndex
        let field = Array(line[index..<end])
        guard !field.contains(Self.quote) else {
            throw MalformedSource(reason: "A quote inside a field is not escaped.")
        }
        index = end
        return field
    }
}
