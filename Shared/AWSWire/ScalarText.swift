import Bytes
import JSON
import Time

/// Scalars as text, as they stand in URIs, headers, forms and XML.
struct ScalarText {
    /// How times are written where neither member nor shape says so.
    let timestamps: TimestampFormat
    /// S3's XML always has milliseconds.
    var hasMilliseconds = false

    static let queryOrXML = ScalarText(timestamps: .iso8601)
    static let header = ScalarText(timestamps: .rfc822)

    /// Writes the JSON that a text stands for.
    func write(_ text: String, _ member: Member, _ shape: Shape, to json: inout JSONWriter) throws(WireFault) {
        switch shape.kind {
        case .string, .character, .blob: json.string(text)
        case .boolean:
            switch text {
            case "true", "True", "TRUE", "1": json.bool(true)
            case "false", "False", "FALSE", "0": json.bool(false)
            default: throw invalid(text, shape)
            }
        case .integer, .long, .biginteger:
            guard let number = Int64(text) else { throw invalid(text, shape) }
            json.number(number)
        case .float, .double, .bigdecimal: try writeDouble(text, shape, to: &json)
        case .timestamp:
            guard let time = time(text, member, shape) else { throw invalid(text, shape) }
            json.value(time)
        case .structure, .list, .map: throw invalid(text, shape)
        }
    }

    /// The text of a JSON scalar.
    func text(_ value: JSONValue, _ member: Member, _ shape: Shape) throws(WireFault) -> String {
        try text(value, time: shape.kind == .timestamp ? format(member, shape) : nil, of: shape.name)
    }

    /// - Parameters:
    ///   - time: how the value is written if it is a time.
    ///   - name: of the shape.
    func text(_ value: JSONValue, time format: TimestampFormat?, of name: String) throws(WireFault) -> String {
        if let format, value.kind == .number {
            guard let time = try? Timestamp(json: value) else { throw WireFault(.output, "no time: \(name)") }
            return text(of: time, format)
        }
        switch value.kind {
        case .string: return value.string ?? ""
        case .number: return value.numberText ?? ""
        case .bool: return value.bool == true ? "true" : "false"
        case .null, .array, .object: throw WireFault(.output, "no scalar: \(name)")
        }
    }

    private func text(of time: Timestamp, _ format: TimestampFormat) -> String {
        switch format {
        case .iso8601: return time.iso8601(milliseconds: hasMilliseconds ? true : nil)
        case .rfc822: return time.httpDate
        case .unixTimestamp:
            var json = JSONWriter(capacity: 16)
            json.value(time)
            return String(decoding: json.bytes, as: UTF8.self)
        }
    }

    private func writeDouble(_ text: String, _ shape: Shape, to json: inout JSONWriter) throws(WireFault) {
        switch text {
        case "NaN", "Infinity", "-Infinity": json.string(text)
        default:
            guard let number = Double(text), number.isFinite else { throw invalid(text, shape) }
            json.number(number)
        }
    }

    private func time(_ text: String, _ member: Member, _ shape: Shape) -> Timestamp? {
        switch format(member, shape) {
        case .rfc822: Timestamp(httpDate: text) ?? Timestamp(iso8601: text)
        case .iso8601: Timestamp(iso8601: text) ?? Timestamp(iso8601Basic: text) ?? seconds(text)
        case .unixTimestamp: seconds(text) ?? Timestamp(iso8601: text)
        }
    }

    private func seconds(_ text: String) -> Timestamp? {
        guard let seconds = Double(text), abs(seconds) < 1e13 else { return nil }
        return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
    }

    private func format(_ member: Member, _ shape: Shape) -> TimestampFormat {
        member.traits.timestampFormat ?? shape.traits.timestampFormat ?? timestamps
    }

    private func invalid(_ text: String, _ shape: Shape) -> WireFault {
        WireFault(.invalidValue, "'\(text.prefix(200))' is not a valid \(shape.kind.rawValue)")
    }
}

/// Blobs as the bus has them: base64 text.
enum BlobText {
    static func bytes(of value: JSONValue) throws(WireFault) -> [UInt8] {
        guard let bytes = value.withStringBytes({ Base64.decode($0) }) ?? nil else {
            throw WireFault(.output, "a blob that is not base64")
        }
        return bytes
    }
}
