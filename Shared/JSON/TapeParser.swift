/// One pass over the bytes, iterative, so that hostile nesting costs a counter and not the stack.
struct TapeParser {
    private let limits: JSONLimits
    private var tape: [UInt64] = []
    /// Tape indices of the containers that are open.
    private var open: [Int] = []
    private var position = 0

    init(limits: JSONLimits) { self.limits = limits }

    mutating func parse(_ bytes: [UInt8]) throws(JSONError) -> [UInt64] {
        guard bytes.count <= limits.size else { throw JSONError(reason: .tooLong, offset: limits.size) }
        tape.reserveCapacity(bytes.count / 8 + 4)
        try bytes.withUnsafeBufferPointer { (text) throws(JSONError) in try parseText(text) }
        return tape
    }

    private mutating func parseText(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        try parseValue(text)
        while !open.isEmpty { try parseNext(text) }
        skipSpace(text)
        guard position == text.count else { throw fault(.unexpectedByte) }
    }

    /// What follows a value inside the innermost container: `,` and the next value, or its end.
    private mutating func parseNext(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        let opening = open[open.count - 1]
        let isObject = TapeToken.kind(tape[opening]) == TapeToken.object
        skipSpace(text)
        guard position < text.count else { throw fault(.unexpectedEnd) }
        let byte = text[position]
        if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return close(opening) }
        // The first value needs no comma before it.
        if tape.count > opening + 1 {
            guard byte == UInt8(ascii: ",") else { throw fault(.unexpectedByte) }
            position += 1
        }
        if isObject { try parseKey(text) }
        try parseValue(text)
    }

    private mutating func parseKey(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        skipSpace(text)
        guard position < text.count else { throw fault(.unexpectedEnd) }
        guard text[position] == UInt8(ascii: "\"") else { throw fault(.unexpectedByte) }
        try parseString(text)
        skipSpace(text)
        guard position < text.count else { throw fault(.unexpectedEnd) }
        guard text[position] == UInt8(ascii: ":") else { throw fault(.unexpectedByte) }
        position += 1
    }

    private mutating func parseValue(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        skipSpace(text)
        guard position < text.count else { throw fault(.unexpectedEnd) }
        switch text[position] {
        case UInt8(ascii: "\""): try parseString(text)
        case UInt8(ascii: "{"): try openContainer(TapeToken.object)
        case UInt8(ascii: "["): try openContainer(TapeToken.array)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber(text)
        case UInt8(ascii: "t"): try parseWord(text, "true", TapeToken.true)
        case UInt8(ascii: "f"): try parseWord(text, "false", TapeToken.false)
        case UInt8(ascii: "n"): try parseWord(text, "null", TapeToken.null)
        default: throw fault(.unexpectedByte)
        }
    }

    private mutating func openContainer(_ kind: UInt64) throws(JSONError) {
        guard open.count < limits.depth else { throw fault(.tooDeep) }
        open.append(tape.count)
        tape.append(TapeToken.make(kind, start: position, payload: 0))
        position += 1
    }

    private mutating func close(_ opening: Int) {
        let token = tape[opening]
        tape[opening] = TapeToken.make(
            TapeToken.kind(token), start: TapeToken.start(token), payload: tape.count)
        tape.append(TapeToken.make(TapeToken.end, start: position, payload: 0))
        open.removeLast()
        position += 1
    }

    private mutating func parseWord(
        _ text: UnsafeBufferPointer<UInt8>, _ word: StaticString, _ kind: UInt64
    ) throws(JSONError) {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard position < text.count else { throw fault(.unexpectedEnd) }
            guard text[position] == word.utf8Start[index] else { throw fault(.unexpectedByte) }
            position += 1
        }
        tape.append(TapeToken.make(kind, start: start, payload: word.utf8CodeUnitCount))
    }

    /// `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`
    private mutating func parseNumber(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        let start = position
        if text[position] == UInt8(ascii: "-") { position += 1 }
        if position < text.count, text[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            try parseDigits(text)
        }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            try parseDigits(text)
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
                position += 1
            }
            try parseDigits(text)
        }
        if position < text.count, isDigit(text[position]) { throw fault(.invalidNumber) }
        tape.append(TapeToken.make(TapeToken.number, start: start, payload: position - start))
    }

    private mutating func parseDigits(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        let start = position
        while position < text.count, isDigit(text[position]) { position += 1 }
        guard position > start else { throw fault(position < text.count ? .invalidNumber : .unexpectedEnd) }
    }

    private mutating func parseString(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        position += 1
        let start = position
        var kind = TapeToken.string
        while true {
            position = PlainText.end(in: text, from: position, stopsAtNonASCII: true)
            guard position < text.count else { throw fault(.unexpectedEnd) }
            let byte = text[position]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                kind = TapeToken.escapedString
                try parseEscape(text)
            } else if byte >= 0x80 {
                try passCharacters(text)
            } else {
                throw fault(.controlCharacter)
            }
        }
        tape.append(TapeToken.make(kind, start: start, payload: position - start))
        position += 1
    }

    /// Passes characters outside ASCII, which seldom come alone.
    private mutating func passCharacters(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        while position < text.count, text[position] >= 0x80 {
            guard let length = UTF8Sequence.length(in: text, at: position) else { throw fault(.invalidUTF8) }
            position += length
        }
    }

    private mutating func parseEscape(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        guard position + 1 < text.count else { throw fault(.unexpectedEnd) }
        switch text[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard let unit = StringUnescaper.codeUnit(in: text, at: position) else { throw fault(.invalidEscape) }
            position += 6
            guard unit & 0xf800 == 0xd800 else { return }
            // A surrogate is half of a pair or no character at all.
            guard unit < 0xdc00, let low = StringUnescaper.codeUnit(in: text, at: position), low & 0xfc00 == 0xdc00
            else { throw fault(.invalidEscape) }
            position += 6
        default: throw fault(.invalidEscape)
        }
    }

    private mutating func skipSpace(_ text: UnsafeBufferPointer<UInt8>) {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private func fault(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: position) }
}
