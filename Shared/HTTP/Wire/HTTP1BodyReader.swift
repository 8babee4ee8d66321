import Glibc
import HTTPTypes

/// Takes a body out of its framing: fixed length, chunks with trailers, or everything until the connection ends.
struct HTTP1BodyReader {
    enum Event: Equatable {
        case bytes([UInt8])
        case end(trailers: HTTPFields)
    }

    private enum State {
        case fixed(remaining: Int)
        case untilClose
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailers
        case ended
    }

    /// A chunk's size line: sixteen digits and a short extension.
    private static let sizeLineLimit = 256

    private let limits: HTTPLimits
    private var state: State
    private var received = 0
    private var lines = HTTP1Lines()
    private var trailers: HTTP1FieldBlock

    init(_ body: HTTP1Framing.Body, limits: HTTPLimits, acceptsLatin1: Bool) throws(HTTP1Fault) {
        self.limits = limits
        trailers = HTTP1FieldBlock(limits, acceptsLatin1: acceptsLatin1)
        switch body {
        case .length(let length):
            if let limit = limits.bodyBytes, length > limit { throw .bodyTooLarge }
            state = .fixed(remaining: length)
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
    }

    var hasEnded: Bool {
        if case .ended = state { return true }
        return false
    }

    /// The next piece, or `nil` where more bytes are needed. After `.end` the buffer's next byte is the next message's.
    mutating func next(_ input: inout InputBuffer) throws(HTTP1Fault) -> Event? {
        while true {
            switch state {
            case .fixed(0):
                state = .ended
                return .end(trailers: HTTPFields())
            case .fixed(let remaining):
                guard let bytes = take(remaining, from: &input) else { return nil }
                state = .fixed(remaining: remaining - bytes.count)
                return .bytes(bytes)
            case .untilClose:
                guard let bytes = take(.max, from: &input) else { return nil }
                try count(bytes.count)
                return .bytes(bytes)
            case .chunkSize: guard try readSize(&input) else { return nil }
            case .chunk(let remaining):
                guard let bytes = take(remaining, from: &input) else { return nil }
                state = remaining == bytes.count ? .chunkEnd : .chunk(remaining: remaining - bytes.count)
                return .bytes(bytes)
            case .chunkEnd: guard try readChunkEnd(&input) else { return nil }
            case .trailers: return try readTrailers(&input)
            case .ended: return nil
            }
        }
    }

    /// What the end of the connection means: the end of a body framed by it, a truncation of any other.
    mutating func connectionEnded() -> Event? {
        guard case .untilClose = state else { return nil }
        state = .ended
        return .end(trailers: HTTPFields())
    }

    private func take(_ limit: Int, from input: inout InputBuffer) -> [UInt8]? {
        input.isEmpty ? nil : input.take(upTo: limit)
    }

    private mutating func count(_ more: Int) throws(HTTP1Fault) {
        received += more
        if let limit = limits.bodyBytes, received > limit { throw .bodyTooLarge }
    }

    private mutating func readSize(_ input: inout InputBuffer) throws(HTTP1Fault) -> Bool {
        let found = try input.withUnread { bytes throws(HTTP1Fault) -> (size: Int, length: Int)? in
            let tooLong = HTTP1Fault.malformed("chunk size line too long")
            guard let line = try lines.next(in: bytes, from: 0, limit: Self.sizeLineLimit, tooLong: tooLong) else {
                return nil
            }
            return (try Self.size(line), line.count + 2)
        }
        guard let found else { return false }
        input.consume(found.length)
        try count(found.size)
        state = found.size == 0 ? .trailers : .chunk(remaining: found.size)
        return true
    }

    /// `1*HEXDIG [ ";" extension ]`: nothing between the digits and what follows.
    private static func size(_ line: UnsafeBufferPointer<UInt8>) throws(HTTP1Fault) -> Int {
        var size = 0
        var digits = 0
        while digits < line.count, let value = hexValue(line[digits]) {
            digits += 1
            guard digits <= 15 else { throw .malformed("chunk too large") }
            size = size << 4 | value
        }
        guard digits > 0 else { throw .malformed("invalid chunk size") }
        guard digits == line.count || line[digits] == UInt8(ascii: ";") else { throw .malformed("invalid chunk size") }
        guard ByteClass.isFieldValue(line[digits...]) else { throw .controlCharacter }
        return size
    }

    private static func hexValue(_ digit: UInt8) -> Int? {
        switch digit {
        case 0x30...0x39: Int(digit) - 0x30
        case 0x41...0x46: Int(digit) - 0x41 + 10
        case 0x61...0x66: Int(digit) - 0x61 + 10
        default: nil
        }
    }

    private mutating func readChunkEnd(_ input: inout InputBuffer) throws(HTTP1Fault) -> Bool {
        let matched = input.withUnread { bytes in zip(bytes, [0x0d, 0x0a] as [UInt8]).allSatisfy { $0 == $1 } }
        guard matched else { throw .malformed("chunk longer than its size") }
        guard input.count >= 2 else { return false }
        input.consume(2)
        state = .chunkSize
        return true
    }

    private mutating func readTrailers(_ input: inout InputBuffer) throws(HTTP1Fault) -> Event? {
        let (ended, length) = try input.withUnread { bytes throws(HTTP1Fault) -> (Bool, Int) in
            var offset = 0
            let ended = try trailers.read(bytes, from: &offset)
            return (ended, offset)
        }
        input.consume(length)
        guard ended else { return nil }
        for name in ["content-length", "transfer-encoding", "host", "trailer"] where trailers.fields.contains(name) {
            throw .malformed("field not allowed in trailers")
        }
        state = .ended
        return .end(trailers: trailers.fields)
    }
}
