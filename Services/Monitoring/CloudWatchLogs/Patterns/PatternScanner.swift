import ServiceKit

/// Reads a pattern byte by byte.
struct PatternScanner {
    private let text: [UInt8]
    private var index = 0

    init(_ text: String) { self.text = Array(text.utf8) }

    var peek: UInt8? { index < text.count ? text[index] : nil }
    var isAtEnd: Bool { index >= text.count }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { index += 1 }
    }

    mutating func skip(_ symbol: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: symbol.utf8Start, count: symbol.utf8CodeUnitCount)
        guard text[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    /// The next character whatever it is.
    mutating func next() -> UInt8? {
        guard let byte = peek else { return nil }
        index += 1
        return byte
    }

    /// Everything up to white space or one of some characters.
    mutating func word(until stops: [UInt8] = []) -> String {
        let start = index
        while let byte = peek, byte > 0x20, !stops.contains(byte) { index += 1 }
        return String(decoding: text[start..<index], as: UTF8.self)
    }

    /// What stands between quotation marks; the scanner is at the first. `\"` stands for one inside.
    mutating func quoted() throws -> String {
        index += 1
        var bytes: [UInt8] = []
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                if let escaped = next() { bytes.append(escaped) }
            default: bytes.append(byte)
            }
        }
        throw ServiceError.invalidFilterPattern("a quotation mark is not closed")
    }

    func refuseRegularExpression() throws {
        if peek == UInt8(ascii: "%") {
            throw ServiceError.invalidFilterPattern("Apus does not search by regular expressions")
        }
    }
}
