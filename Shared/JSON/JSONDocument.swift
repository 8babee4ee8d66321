import Bytes

/// A parsed text: the bytes as they came and a tape of tokens over them; values are read lazily.
///
/// One token is a 64-bit word: `start << 32 | payload << 4 | kind`. The payload of a scalar is its length in bytes
/// (without quotes); that of a container's opening token is the tape index of its closing one. Keys are strings.
public final class JSONDocument: Sendable {
    public let bytes: [UInt8]
    @usableFromInline let tape: [UInt64]

    /// Parses one JSON text (RFC 8259), whole: UTF-8 is validated, nothing may follow but white space.
    ///
    /// - Throws: `JSONError` with the offset of the first byte that does not fit.
    public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.bytes = bytes
        var parser = TapeParser(limits: limits)
        tape = try parser.parse(bytes)
    }

    private init() {
        bytes = []
        tape = []
    }

    /// No text at all: what the elements of nothing refer to.
    static let empty = JSONDocument()

    /// The outermost value.
    public var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// What a text may cost its reader.
public struct JSONLimits: Sendable {
    /// Nesting of arrays and objects.
    public var depth: Int
    /// Bytes of the whole text; below 256 MiB, the tape's own limit.
    public var size: Int

    public init(depth: Int = 128, size: Int = 32 << 20) {
        self.depth = depth
        self.size = min(size, TapeToken.maximumPayload)
    }
}

/// Why a text was refused, and where.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    public enum Reason: String, Sendable {
        case unexpectedEnd = "unexpected end of input"
        case unexpectedByte = "unexpected character"
        case invalidNumber = "invalid number"
        case invalidEscape = "invalid escape in string"
        case controlCharacter = "control character in string"
        case invalidUTF8 = "invalid UTF-8"
        case tooDeep = "nested too deeply"
        case tooLong = "text too long"
    }

    public let reason: Reason
    /// Bytes before the fault.
    public let offset: Int

    public var description: String { "\(reason.rawValue) at \(offset)" }
}

@usableFromInline enum TapeToken {
    @inlinable static var null: UInt64 { 0 }
    @inlinable static var `false`: UInt64 { 1 }
    @inlinable static var `true`: UInt64 { 2 }
    @inlinable static var number: UInt64 { 3 }
    @inlinable static var string: UInt64 { 4 }
    @inlinable static var escapedString: UInt64 { 5 }
    @inlinable static var array: UInt64 { 6 }
    @inlinable static var object: UInt64 { 7 }
    @inlinable static var end: UInt64 { 8 }

    static let maximumPayload = 1 << 28 - 1

    @inline(__always) static func make(_ kind: UInt64, start: Int, payload: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: start) << 32 | UInt64(truncatingIfNeeded: payload) << 4 | kind
    }
    @inlinable @inline(__always) static func kind(_ token: UInt64) -> UInt64 { token & 15 }
    @inlinable @inline(__always) static func payload(_ token: UInt64) -> Int {
        Int(truncatingIfNeeded: token >> 4 & 0xfff_ffff)
    }
    /// The tape index behind the value whose first token stands at `index`.
    @inlinable @inline(__always) static func next(after token: UInt64, at index: Int) -> Int {
        kind(token) == array || kind(token) == object ? payload(token) + 1 : index + 1
    }
    @inlinable @inline(__always) static func start(_ token: UInt64) -> Int { Int(truncatingIfNeeded: token >> 32) }

    static func valueKind(_ token: UInt64) -> JSONValue.Kind {
        switch kind(token) {
        case null: .null
        case `false`, `true`: .bool
        case number: .number
        case array: .array
        case object: .object
        default: .string
        }
    }
}
