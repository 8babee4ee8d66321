import ServiceKit

/// Rows of comma-separated values, RFC 4180, as their bytes come in.
struct CSVRows {
    /// Bytes of a row at most: a bucket, a key that is percent-encoded, a version.
    private static let longest = 8192

    private var row: [String] = []
    private var field: [UInt8] = []
    private var rowSize = 0
    private var isQuoted = false
    /// A quote within quotes: the end of the field, or half of a quote that stands for itself.
    private var endsQuote = false

    /// The rows that these bytes complete.
    ///
    /// - Throws: `BatchJob.Failure` for a row that is too long.
    mutating func append(_ bytes: [UInt8]) throws -> [[String]] {
        var rows: [[String]] = []
        for byte in bytes {
            if endsQuote, byte != UInt8(ascii: "\"") { (isQuoted, endsQuote) = (false, false) }
            switch byte {
            case UInt8(ascii: "\"") where endsQuote:
                field.append(byte)
                endsQuote = false
            case UInt8(ascii: "\"") where isQuoted: endsQuote = true
            case UInt8(ascii: "\"") where field.isEmpty: isQuoted = true
            case UInt8(ascii: ",") where !isQuoted: endField()
            case UInt8(ascii: "\n") where !isQuoted: if let whole = endRow() { rows.append(whole) }
            case UInt8(ascii: "\r") where !isQuoted: break
            default: field.append(byte)
            }
            rowSize += 1
            guard rowSize <= Self.longest else {
                throw BatchJob.Failure(code: "InvalidManifest", reason: "A row of the manifest is too long.")
            }
        }
        return rows
    }

    /// The last row, where no line break ends it.
    mutating func finish() -> [[String]] { endRow().map { [$0] } ?? [] }

    private mutating func endField() {
        row.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
    }

    private mutating func endRow() -> [String]? {
        defer { rowSize = 0 }
        if row.isEmpty, field.isEmpty { return nil }
        endField()
        defer { row.removeAll(keepingCapacity: true) }
        return row
    }

    /// One line of values, those that need it in quotes.
    static func line(_ fields: [String]) -> String {
        let special: Set<Character> = [",", "\"", "\n", "\r", "\r\n"]
        return fields.map { field in
            guard field.contains(where: special.contains) else { return field }
            return "\"\(field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
        }.joined(separator: ",") + "\n"
    }
}
