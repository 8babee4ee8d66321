import ServiceKit

/// The tokens of Ion text, read from bytes that are all at hand.
///
/// [Specification](https://amazon-ion.github.io/ion-docs/docs/spec.html)
struct IonScanner {
    private let bytes: [UInt8]
    private(set) var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }
    /// The next byte; 0, which Ion text does not have, at the end.
    var next: UInt8 { isAtEnd ? 0 : bytes[index] }

    static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte, !isAtEnd else { return false }
        index += 1
        return true
    }

    /// All of these bytes, or none.
    mutating func take(_ token: [UInt8]) -> Bool {
        guard bytes[index...].starts(with: token) else { return false }
        index += token.count
        return true
    }

    /// The next byte; 0 at the end.
    mutating func pop() -> UInt8 {
        let byte = next
        if !isAtEnd { index += 1 }
        return byte
    }

    /// Passes over white space and comments.
    mutating func passSpace() throws(MalformedSource) {
        while true {
            if Self.isSpace(next) {
                index += 1
            } else if take(Self.lineComment) {
                while !isAtEnd, next != UInt8(ascii: "\n"), next != UInt8(ascii: "\r") { index += 1 }
            } else if take(Self.blockComment) {
                while !take(Self.blockCommentEnd) {
                    guard !isAtEnd else { throw MalformedSource(reason: "A comment has no end.") }
                    index += 1
                }
            } else {
                return
            }
        }
    }

    private static let lineComment = Array("//".utf8)
    private static let blockComment = Array("/*".utf8)
    private static let blockCommentEnd = Array("*/".utf8)

    // MARK: Words and numbers

    static func beginsWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "$") || byte == UInt8(ascii: "_") || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// The letters, digits, `$` and `_` that follow.
    mutating func word() -> ArraySlice<UInt8> {
        let start = index
        while Self.beginsWord(next) || Self.isDigit(next) { index += 1 }
        return bytes[start..<index]
    }

    /// Everything up to what ends a number.
    mutating func numberToken() -> ArraySlice<UInt8> {
        let start = index
        while !isAtEnd, !Self.isSpace(next), !Self.numberEnds.contains(next) { index += 1 }
        return bytes[start..<index]
    }

    private static let numberEnds = Array("{}[](),\"'/".utf8)

    /// The bytes of a blob behind its opening braces.
    mutating func blob() throws(MalformedSource) -> [UInt8] {
        var text: [UInt8] = []
        while !isAtEnd, next != UInt8(ascii: "}") {
            let byte = pop()
            if !Self.isSpace(byte) { text.append(byte) }
        }
        guard take(Self.blobEnd), let bytes = Base64.decode(text) else {
            throw MalformedSource(reason: "A blob is not base64 between two pairs of braces.")
        }
        return bytes
    }

    private static let blobEnd = Array("}}".utf8)
}
