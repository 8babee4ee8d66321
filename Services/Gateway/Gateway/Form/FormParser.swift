/// Reads `multipart/form-data` as it arrives: bytes in, parts and their content out.
///
/// RFC 7578 and RFC 2046. Nothing is kept but what may be the beginning of a delimiter or of a part's header.
struct FormParser {
    enum Event: Equatable {
        /// A part begins; its content follows.
        case part(FormPart)
        case content([UInt8])
        case endOfContent
        /// The form is at its end; what follows does not count.
        case end
    }

    private enum State {
        case preamble
        case behindDelimiter
        case header
        case content
        case end
    }

    static let headerLimit = 4 << 10
    private static let preambleLimit = 1 << 10
    private static let lineEnd: [UInt8] = [13, 10]

    private let delimiter: [UInt8]
    private var state = State.preamble
    /// Begins as if a line had ended, as the first delimiter has no line before it.
    private var buffer = lineEnd
    private var start = 0

    init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

    mutating func append(_ bytes: [UInt8]) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer += bytes
    }

    /// `nil` until more bytes are there.
    mutating func next() throws(FormError) -> Event? {
        while true {
            switch state {
            case .preamble:
                guard let found = find(delimiter) else {
                    if buffer.count - start > Self.preambleLimit { throw .malformed }
                    return nil
                }
                start = found + delimiter.count
                state = .behindDelimiter
            case .behindDelimiter:
                guard buffer.count - start >= 2 else { return nil }
                let isLast = buffer[start..<start + 2].elementsEqual([45, 45])
                guard isLast || buffer[start..<start + 2].elementsEqual(Self.lineEnd) else { throw .malformed }
                // The line's end stays: a header may be empty.
                start += isLast ? 2 : 0
                state = isLast ? .end : .header
                if isLast { return .end }
            case .header: return try header()
            case .content: return content()
            case .end: return nil
            }
        }
    }

    private mutating func header() throws(FormError) -> Event? {
        guard let end = find(Self.lineEnd + Self.lineEnd) else {
            if buffer.count - start > Self.headerLimit { throw .malformed }
            return nil
        }
        guard end - start <= Self.headerLimit else { throw .malformed }
        let part = try FormPart(header: end > start ? buffer[(start + 2)..<end] : [])
        start = end + 4
        state = .content
        return .part(part)
    }

    private mutating func content() -> Event? {
        let found = find(delimiter)
        // Short of the delimiter's length the last bytes may be its beginning.
        let end = found ?? max(start, buffer.count - delimiter.count + 1)
        if end > start {
            defer { start = end }
            return .content(Array(buffer[start..<end]))
        }
        guard found != nil else { return nil }
        start = end + delimiter.count
        state = .behindDelimiter
        return .endOfContent
    }

    private func find(_ pattern: [UInt8]) -> Int? {
        var index = start
        while index + pattern.count <= buffer.count {
            guard let first = buffer[index...].firstIndex(of: pattern[0]), first + pattern.count <= buffer.count else {
                return nil
            }
            if buffer[first..<first + pattern.count].elementsEqual(pattern) { return first }
            index = first + 1
        }
        return nil
    }
}

/// The header of a part.
struct FormPart: Equatable {
    let name: String
    let fileName: String?
    let contentType: String?

    /// - Parameter header: lines without the empty one at their end.
    init(header: ArraySlice<UInt8>) throws(FormError) {
        guard let text = String(validating: header, as: UTF8.self) else { throw .malformed }
        var disposition: [String: String] = [:]
        var type: String?
        for line in text.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { throw .malformed }
            let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = FormPart.parameters(value)
            case "content-type": type = value
            default: continue
            }
        }
        guard let name = disposition["name"], !name.isEmpty else { throw .malformed }
        self.name = name
        fileName = disposition["filename"]
        contentType = type
    }

    /// `form-data; name="file"; filename="a.txt"`: quoted values, in which only a quote is escaped.
    private static func parameters(_ value: String) -> [String: String] {
        var parameters: [String: String] = [:]
        var rest = value[...]
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " || $0 == "\t" }
            guard let equals = rest.firstIndex(of: "=") else { break }
            let name = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            parameters[name] = rest.first == "\"" ? quoted(&rest) : String(rest.prefix { $0 != ";" })
        }
        return parameters
    }

    private static func quoted(_ rest: inout Substring) -> String {
        rest = rest.dropFirst()
        var text = ""
        while let character = rest.first, character != "\"" {
            rest = rest.dropFirst()
            if character == "\\", rest.first == "\"" {
                text.append("\"")
                rest = rest.dropFirst()
            } else {
                text.append(character)
            }
        }
        rest = rest.dropFirst()
        // Browsers escape by percent what would end the quotation or the line.
        return text.replacing("%22", with: "\"")
    }
}
