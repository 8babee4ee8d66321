import Bytes
import JSON
import Time

/// Reads CBOR (RFC 8949) as JSON, guided by a shape; what the shape does not know is skipped.
struct CBORReader {
    private let bytes: [UInt8]
    private let model: ServiceModel
    private var position = 0
    private static let depthLimit = 64

    init(_ bytes: [UInt8], _ model: ServiceModel) {
        self.bytes = bytes
        self.model = model
    }

    /// One value, and nothing behind it.
    mutating func readDocument(as shape: ShapeID) throws(WireFault) -> [UInt8] {
        var json = JSONWriter(capacity: bytes.count * 2)
        try read(as: model[shape], depth: 0, to: &json)
        guard position == bytes.count else { throw malformed("bytes after the end") }
        return json.bytes
    }

    // MARK: Values

    private mutating func read(as shape: Shape, depth: Int, to json: inout JSONWriter) throws(WireFault) {
        guard depth < CBORReader.depthLimit else { throw WireFault(.tooLarge, "CBOR nested too deeply") }
        let head = try readHead()
        switch head.major {
        case 0: json.number(head.value)
        case 1:
            guard let value = Int64(exactly: head.value) else { throw malformed("number out of range") }
            json.number(-1 - value)
        case 2: json.string(Base64.string(try readBytes(head)))
        case 3: json.string(try readText(head))
        case 4: try readArray(head, as: shape, depth: depth, to: &json)
        case 5: try readMap(head, as: shape, depth: depth, to: &json)
        case 6: try readTagged(head, as: shape, depth: depth, to: &json)
        default: try readSimple(head, to: &json)
        }
    }

    private mutating func readArray(_ head: Head, as shape: Shape, depth: Int, to json: inout JSONWriter)
        throws(WireFault)
    {
        guard let element = shape.element else { throw wrongKind("array", shape) }
        let inner = model[element.target]
        var left = try count(of: head)
        try json.array { (json: inout JSONWriter) throws(WireFault) in
            while try hasNext(&left) { try read(as: inner, depth: depth + 1, to: &json) }
        }
    }

    private mutating func readMap(_ head: Head, as shape: Shape, depth: Int, to json: inout JSONWriter)
        throws(WireFault)
    {
        guard shape.kind == .structure || shape.kind == .map else { throw wrongKind("map", shape) }
        var left = try count(of: head)
        try json.object { (json: inout JSONWriter) throws(WireFault) in
            while try hasNext(&left) { try readEntry(of: shape, depth: depth, to: &json) }
        }
    }

    private mutating func readEntry(of shape: Shape, depth: Int, to json: inout JSONWriter) throws(WireFault) {
        let head = try readHead()
        guard head.major == 3 else { throw malformed("a key that is no text") }
        let name = try readText(head)
        guard let member = shape.kind == .map ? shape.value : shape.member(named: name) else {
            return try skip(depth: depth + 1)
        }
        json.name(name)
        try read(as: model[member.target], depth: depth + 1, to: &json)
    }

    private mutating func readTagged(_ head: Head, as shape: Shape, depth: Int, to json: inout JSONWriter)
        throws(WireFault)
    {
        guard head.value == 1 else { return try read(as: shape, depth: depth + 1, to: &json) }
        let inner = try readHead()
        let seconds: Double
        switch inner.major {
        case 0: seconds = Double(inner.value)
        case 1: seconds = -1 - Double(inner.value)
        case 7: seconds = try float(inner) ?? .nan
        default: throw malformed("a time that is no number")
        }
        guard abs(seconds) < 1e13 else { throw malformed("a time out of range") }
        json.value(Timestamp(milliseconds: Int64((seconds * 1000).rounded())))
    }

    private func readSimple(_ head: Head, to json: inout JSONWriter) throws(WireFault) {
        switch head.information {
        case 20: json.bool(false)
        case 21: json.bool(true)
        case 22, 23: json.null()
        default:
            guard let number = try float(head) else { throw malformed("unknown simple value") }
            json.number(number)
        }
    }

    private mutating func skip(depth: Int) throws(WireFault) {
        guard depth < CBORReader.depthLimit else { throw WireFault(.tooLarge, "CBOR nested too deeply") }
        let head = try readHead()
        switch head.major {
        case 2, 3: _ = try readBytes(head)
        case 4, 5:
            var left = try count(of: head)
            while try hasNext(&left) {
                try skip(depth: depth + 1)
                if head.major == 5 { try skip(depth: depth + 1) }
            }
        case 6: try skip(depth: depth + 1)
        default: break
        }
    }

    // MARK: Parts

    private struct Head {
        let major: UInt8
        let information: UInt8
        let value: UInt64
        var isIndefinite: Bool { information == 31 }
    }

    private mutating func readHead() throws(WireFault) -> Head {
        guard position < bytes.count else { throw malformed("unexpected end") }
        let first = bytes[position]
        position += 1
        let information = first & 31
        let width: Int
        switch information {
        case 0...23: return Head(major: first >> 5, information: information, value: UInt64(information))
        case 24: width = 1
        case 25: width = 2
        case 26: width = 4
        case 27: width = 8
        case 31:
            guard (2...5).contains(first >> 5) else { throw malformed("unexpected break") }
            return Head(major: first >> 5, information: 31, value: 0)
        default: throw malformed("reserved length")
        }
        guard bytes.count - position >= width else { throw malformed("unexpected end") }
        let value = bytes[position..<position + width].reduce(0) { $0 << 8 | UInt64($1) }
        position += width
        return Head(major: first >> 5, information: information, value: value)
    }

    /// Elements to come; `nil` until a break.
    private func count(of head: Head) throws(WireFault) -> Int? {
        if head.isIndefinite { return nil }
        // Every element takes a byte at least: a length that cannot be is refused before anything is made of it.
        guard head.value <= UInt64(bytes.count - position) else { throw malformed("length past the end") }
        return Int(head.value)
    }

    private mutating func hasNext(_ left: inout Int?) throws(WireFault) -> Bool {
        guard let count = left else {
            guard position < bytes.count else { throw malformed("unexpected end") }
            guard bytes[position] == 0xff else { return true }
            position += 1
            return false
        }
        left = count - 1
        return count > 0
    }

    private mutating func readBytes(_ head: Head) throws(WireFault) -> [UInt8] {
        guard head.isIndefinite else {
            guard head.value <= UInt64(bytes.count - position) else { throw malformed("length past the end") }
            let start = position
            position += Int(head.value)
            return Array(bytes[start..<position])
        }
        var all: [UInt8] = []
        var left: Int?
        while try hasNext(&left) {
            let part = try readHead()
            guard part.major == head.major, !part.isIndefinite else { throw malformed("a chunk of another kind") }
            all += try readBytes(part)
        }
        return all
    }

    private mutating func readText(_ head: Head) throws(WireFault) -> String {
        guard let text = String(validating: try readBytes(head), as: UTF8.self) else { throw malformed("not UTF-8") }
        return text
    }

    private func float(_ head: Head) throws(WireFault) -> Double? {
        switch head.information {
        case 25: Double(CBORReader.half(UInt16(truncatingIfNeeded: head.value)))
        case 26: CBORReader.shortest(Float(bitPattern: UInt32(truncatingIfNeeded: head.value)))
        case 27: Double(bitPattern: head.value)
        default: nil
        }
    }

    /// The double that is written as the float is: `1.1`, not `1.10000002384`.
    private static func shortest(_ float: Float) -> Double { Double(float.description) ?? Double(float) }

    private static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 1 ? -1 : 1
        let exponent = Int(bits >> 10 & 31)
        let fraction = Float(bits & 1023)
        switch exponent {
        case 0: return sign * fraction / 16_777_216
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
    }

    private func malformed(_ reason: String) -> WireFault { WireFault(.malformed, "malformed CBOR: \(reason)") }
    private func wrongKind(_ kind: String, _ shape: Shape) -> WireFault {
        WireFault(.invalidValue, "a CBOR \(kind) where \(shape.kind.rawValue) was expected")
    }
}
