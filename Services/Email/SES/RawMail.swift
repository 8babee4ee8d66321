import ServiceKit

/// The header of a mail that a client wrote itself.
struct RawMail: Sendable {
    /// The mail without its `Bcc` fields, lines ended by CR LF.
    let data: [UInt8]
    /// Usually one.
    let authors: [EmailAddress]
    let recipients: [EmailAddress]

    static let largest = 40 << 20

    /// - Throws: `InvalidParameterValue` for a size, header or address that cannot be sent.
    init(_ bytes: [UInt8]) throws {
        guard bytes.count <= RawMail.largest else { throw ServiceError.tooLarge }
        let (fields, body) = RawMail.split(bytes)
        var authors: [EmailAddress] = []
        var recipients: [EmailAddress] = []
        var kept: [UInt8] = []
        for field in fields {
            let (name, value) = RawMail.nameAndValue(of: field)
            switch name {
            case "from":
                // Readers differ in which of two they show.
                guard authors.isEmpty else { throw ServiceError.duplicateHeader("From") }
                authors = try EmailAddress.list(value)
            case "to", "cc", "bcc": recipients += try EmailAddress.list(value)
            default: break
            }
            if name != "bcc" { kept += field + [0x0d, 0x0a] }
        }
        data = kept + [0x0d, 0x0a] + body
        self.authors = authors
        self.recipients = recipients
    }

    /// What stands in the `Subject` field, still encoded.
    static func subject(of bytes: [UInt8]) -> String? {
        split(bytes).fields.lazy.map(nameAndValue).first { $0.name == "subject" }
            .map { String($0.value.drop { $0 == " " }) }
    }

    private static func nameAndValue(of field: [UInt8]) -> (name: String, value: String) {
        let text = String(decoding: field, as: UTF8.self)
        let written = text.prefix { $0 != ":" }
        let name = written.filter { $0 != " " && $0 != "\t" }.lowercased()
        return (name, String(text.dropFirst(written.count + 1).replacing("\r\n", with: "")))
    }

    /// Header fields, folded lines together, and the body; line ends become CR LF.
    private static func split(_ bytes: [UInt8]) -> (fields: [[UInt8]], body: [UInt8]) {
        var fields: [[UInt8]] = []
        var index = 0
        while index < bytes.count {
            let end = bytes[index...].firstIndex(of: 0x0a) ?? bytes.count
            var line = Array(bytes[index..<end])
            if line.last == 0x0d { line.removeLast() }
            index = min(end + 1, bytes.count)
            if line.isEmpty { break }
            if line[0] == 0x20 || line[0] == 0x09, !fields.isEmpty {
                fields[fields.count - 1] += [0x0d, 0x0a] + line
            } else {
                fields.append(line)
            }
        }
        return (fields, withCRLF(bytes[index...]))
    }

    private static func withCRLF(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 40)
        for byte in bytes {
            if byte == 0x0a, out.last != 0x0d { out.append(0x0d) }
            out.append(byte)
        }
        return out
    }
}
