import Glibc
import ServiceKit

/// What the user reads.
enum Terminal {
    static func say(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Columns as wide as their widest cell; the first row is the header.
    static func table(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    /// A value of an answer, on one line. What strangers wrote must not speak to the terminal.
    static func harmless(_ value: JSONValue) -> String {
        let written =
            switch value.kind {
            case .string: value.string ?? ""
            case .array: value.elements.compactMap(\.string).joined(separator: ", ")
            default: String(decoding: value.rawBytes, as: UTF8.self)
            }
        return String(written.unicodeScalars.filter { $0.properties.generalCategory != .control }.map(Character.init))
    }

    static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            // A reader that left needs no more.
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
