import HTTPTypes

/// Heads and chunks as HTTP/1.1 text. Refuses what would break out of its line.
enum HTTP1Writer {
    /// How the body behind a head is delimited.
    enum Framing: Equatable {
        /// No body and no word of one: 1xx, 204, and 304 or HEAD where the handler gave no length.
        case none
        case length(Int)
        case chunked
        /// HTTP/1.0 clients know no chunks: the end of the connection is the end of the body.
        case untilClose
    }

    /// Response fields the writer decides itself.
    private static func isFraming(_ name: String) -> Bool {
        switch name.utf8.count {
        case 10: name.equalsIgnoringCase("connection") || name.equalsIgnoringCase("keep-alive")
        case 14: name.equalsIgnoringCase("content-length")
        case 17: name.equalsIgnoringCase("transfer-encoding")
        default: false
        }
    }

    /// - Parameter upgrade: whether the head's own `Connection` field stands.
    static func write(
        _ head: ResponseHead, _ framing: Framing, closes: Bool, isHTTP10: Bool = false, upgrade: Bool = false,
        date: [UInt8], to out: inout [UInt8]
    ) throws(HTTPFieldError) {
        out.append(contentsOf: ReasonPhrase.statusLine(head.status))
        var hasDate = false
        for field in head.fields.fields {
            if isFraming(field.name) && !(upgrade && field.name.equalsIgnoringCase("connection")) { continue }
            if field.name.utf8.count == 4, field.name.equalsIgnoringCase("date") { hasDate = true }
            try write(field.name, field.value, to: &out)
        }
        if !hasDate {
            out.append("Date: ")
            out.append(contentsOf: date)
            out.append("\r\n")
        }
        write(framing, to: &out)
        if closes {
            out.append("Connection: close\r\n")
        } else if isHTTP10 {
            out.append("Connection: keep-alive\r\n")
        }
        out.append("\r\n")
    }

    static func write(_ head: RequestHead, _ framing: Framing, to out: inout [UInt8]) throws(HTTPFieldError) {
        guard ByteClass.isToken(head.method.utf8), ByteClass.isTarget(head.target.utf8) else {
            throw HTTPFieldError(name: "request line")
        }
        out.append(contentsOf: head.method.utf8)
        out.append(" ")
        out.append(contentsOf: head.target.utf8)
        out.append(" HTTP/1.1\r\n")
        for field in head.fields.fields where !isFraming(field.name) || field.name.equalsIgnoringCase("connection") {
            try write(field.name, field.value, to: &out)
        }
        write(framing, to: &out)
        out.append("\r\n")
    }

    private static func write(_ framing: Framing, to out: inout [UInt8]) {
        switch framing {
        case .none, .untilClose: break
        case .length(let length):
            out.append("Content-Length: ")
            out.append(decimal: length)
            out.append("\r\n")
        case .chunked: out.append("Transfer-Encoding: chunked\r\n")
        }
    }

    private static func write(_ name: String, _ value: String, to out: inout [UInt8]) throws(HTTPFieldError) {
        guard ByteClass.isToken(name.utf8), ByteClass.isFieldValue(value.utf8) else {
            throw HTTPFieldError(name: name)
        }
        out.append(contentsOf: name.utf8)
        out.append(": ")
        out.append(contentsOf: value.utf8)
        out.append("\r\n")
    }

    /// A chunk's size line; its bytes and `\r\n` follow.
    static func chunkSize(_ count: Int) -> [UInt8] { Array((String(count, radix: 16) + "\r\n").utf8) }

    static func lastChunk(_ trailers: HTTPFields, to out: inout [UInt8]) throws(HTTPFieldError) {
        out.append("0\r\n")
        for field in trailers.fields where !isFraming(field.name) { try write(field.name, field.value, to: &out) }
        out.append("\r\n")
    }
}

/// A name or value that cannot stand in a header: it would break out of its line.
public struct HTTPFieldError: Error, Equatable {
    public let name: String
}

extension [UInt8] {
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(decimal number: Int) {
        if number < 10 { return append(0x30 + UInt8(truncatingIfNeeded: number)) }
        append(decimal: number / 10)
        append(0x30 + UInt8(truncatingIfNeeded: number % 10))
    }
}
