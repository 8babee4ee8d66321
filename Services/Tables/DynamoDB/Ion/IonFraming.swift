import ServiceKit

/// Structs of Ion text one after the other, each behind a version marker or not, on lines of their own or not; or all
/// of them elements of one list.
///
/// It follows strings, comments and blobs only to know which braces count. What stands between them is for the reader
/// to judge.
struct IonFraming: RecordFraming {
    static let versionMarker = Array("$ion_1_0".utf8)

    private enum Place {
        case plain
        /// Behind a slash: perhaps a comment.
        case slash
        case lineComment
        /// Whether the last byte was a star.
        case blockComment(Bool)
        case string
        case symbol
        /// Behind one or two quotes: perhaps a symbol, perhaps a long string.
        case quotes(Int)
        /// With the quotes just passed.
        case longString(Int)
        /// Behind a brace: perhaps a blob.
        case brace
        /// Whether the last byte was a closing brace.
        case blob(Bool)
    }

    private var place = Place.plain
    private var isEscaped = false
    /// Of braces, brackets and parentheses within a record.
    private var depth = 0
    private var isInList = false
    /// Bytes of a version marker passed; 0 outside of one.
    private var marker = 0

    mutating func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws(MalformedSource) -> Int? {
        for index in start..<bytes.count where try advance(bytes[index]) { return index + 1 }
        return nil
    }

    func endsWithRecord() throws(MalformedSource) -> Bool {
        let isAtRest: Bool
        switch place {
        case .plain, .lineComment: isAtRest = depth == 0 && !isInList && marker == 0
        default: isAtRest = false
        }
        guard isAtRest else { throw MalformedSource(reason: "The object ends inside a record.") }
        return false
    }

    /// True at the end of a record.
    private mutating func advance(_ byte: UInt8) throws(MalformedSource) -> Bool {
        if isEscaped {
            isEscaped = false
            return false
        }
        switch place {
        case .plain: return depth > 0 ? advanceInside(byte) : try advanceBetween(byte)
        case .slash, .lineComment, .blockComment: return try advanceInComment(byte)
        case .string, .symbol, .quotes, .longString: return advanceInText(byte)
        case .brace, .blob: return try advanceInBlob(byte)
        }
    }

    // MARK: Between records

    private mutating func advanceBetween(_ byte: UInt8) throws(MalformedSource) -> Bool {
        if marker > 0 || byte == Self.versionMarker[0] {
            guard !isInList, byte == Self.versionMarker[marker] else { throw Self.noRecord }
            marker = (marker + 1) % Self.versionMarker.count
            return false
        }
        switch byte {
        case UInt8(ascii: "{"):
            depth = 1
            place = .brace
        case UInt8(ascii: "/"): place = .slash
        case UInt8(ascii: "[") where !isInList: isInList = true
        case UInt8(ascii: "]") where isInList: isInList = false
        case UInt8(ascii: ",") where isInList: break
        case let byte where IonScanner.isSpace(byte): break
        default: throw Self.noRecord
        }
        return false
    }

    private static let noRecord = MalformedSource(reason: "A record is not an Ion struct.")

    // MARK: In records

    private mutating func advanceInside(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"):
            depth += 1
            place = .brace
        case UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"): depth -= 1
        case UInt8(ascii: "\""): place = .string
        case UInt8(ascii: "'"): place = .quotes(1)
        case UInt8(ascii: "/"): place = .slash
        default: break
        }
        return depth == 0
    }

    private mutating func advanceInComment(_ byte: UInt8) throws(MalformedSource) -> Bool {
        switch (place, byte) {
        case (.slash, UInt8(ascii: "/")): place = .lineComment
        case (.slash, UInt8(ascii: "*")): place = .blockComment(false)
        case (.slash, _): throw MalformedSource(reason: "A slash begins no comment.")
        case (.lineComment, UInt8(ascii: "\n")), (.lineComment, UInt8(ascii: "\r")): place = .plain
        case (.blockComment(true), UInt8(ascii: "/")): place = .plain
        case (.blockComment, _): place = .blockComment(byte == UInt8(ascii: "*"))
        default: break
        }
        return false
    }

    private mutating func advanceInText(_ byte: UInt8) -> Bool {
        let isQuote = byte == UInt8(ascii: "'")
        switch place {
        case .quotes(1):
            place = isQuote ? .quotes(2) : .symbol
            isEscaped = byte == UInt8(ascii: "\\")
        case .quotes where isQuote: place = .longString(0)
        case .quotes:
            // Two quotes were an empty symbol, and this is what follows it.
            place = .plain
            return advanceInside(byte)
        case .longString(let quotes):
            place = isQuote ? (quotes == 2 ? .plain : .longString(quotes + 1)) : .longString(0)
            isEscaped = byte == UInt8(ascii: "\\")
        case .symbol where isQuote, .string where byte == UInt8(ascii: "\""): place = .plain
        default: isEscaped = byte == UInt8(ascii: "\\")
        }
        return false
    }

    private mutating func advanceInBlob(_ byte: UInt8) throws(MalformedSource) -> Bool {
        switch (place, byte) {
        case (.brace, UInt8(ascii: "{")):
            guard depth > 1 else { throw Self.noRecord }
            place = .blob(false)
        case (.brace, _):
            place = .plain
            return advanceInside(byte)
        case (.blob(true), UInt8(ascii: "}")):
            place = .plain
            depth -= 1
        case (.blob(true), _), (_, UInt8(ascii: "\"")), (_, UInt8(ascii: "'")):
            throw MalformedSource(reason: "A blob is not base64 between two pairs of braces.")
        default: place = .blob(byte == UInt8(ascii: "}"))
        }
        return false
    }
}
