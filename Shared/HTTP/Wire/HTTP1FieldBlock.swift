import Bytes
import HTTPTypes

/// Reads field lines up to the empty line that ends them: a head's, or a chunked body's trailers.
struct HTTP1FieldBlock {
    private static let usualCount = 16

    private let limits: HTTPLimits
    /// What stands for bytes that are not UTF-8: refused from clients, read as Latin-1 from origins.
    private let acceptsLatin1: Bool
    private var lines = HTTP1Lines()
    private var byteCount = 0
    private(set) var fields = HTTPFields()

    init(_ limits: HTTPLimits, acceptsLatin1: Bool) {
        self.limits = limits
        self.acceptsLatin1 = acceptsLatin1
    }

    /// Reads as many lines as there are; true once the block has ended. `offset` moves past what was read.
    mutating func read(
        _ bytes: UnsafeBufferPointer<UInt8>, from offset: inout Int
    ) throws(HTTP1Fault) -> Bool {
        while true {
            let limit = min(limits.fieldLineBytes, limits.fieldsBytes - byteCount)
            guard let line = try lines.next(in: bytes, from: offset, limit: limit, tooLong: .fieldsTooLarge) else {
                return false
            }
            offset += line.count + 2
            if line.isEmpty { return true }
            byteCount += line.count + 2
            guard byteCount <= limits.fieldsBytes, fields.count < limits.fieldCount else { throw .fieldsTooLarge }
            try append(line)
        }
    }

    private mutating func append(_ line: UnsafeBufferPointer<UInt8>) throws(HTTP1Fault) {
        guard line[0] != 0x20, line[0] != 0x09 else { throw .malformed("folded header field") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .malformed("header field without colon") }
        let name = UnsafeBufferPointer(rebasing: line[..<colon])
        guard ByteClass.isToken(name) else { throw .malformed("invalid header field name") }
        let value = Self.trim(UnsafeBufferPointer(rebasing: line[(colon + 1)...]))
        guard ByteClass.isFieldValue(value) else { throw .controlCharacter }
        if fields.count == 0 { fields.reserveCapacity(Self.usualCount) }
        fields.append(String(decoding: name, as: UTF8.self), try text(value))
    }

    private static func trim(_ value: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = value.count
        while start < end, value[start] == 0x20 || value[start] == 0x09 { start += 1 }
        while start < end, value[end - 1] == 0x20 || value[end - 1] == 0x09 { end -= 1 }
        return UnsafeBufferPointer(rebasing: value[start..<end])
    }

    private func text(_ value: UnsafeBufferPointer<UInt8>) throws(HTTP1Fault) -> String {
        if let text = String(validUTF8: value) { return text }
        guard acceptsLatin1 else { throw .malformed("header field is not UTF-8") }
        return String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) }))
    }
}
