import Bytes

/// Ties together everything one outside request caused, across processes: 16 bytes.
public struct TraceID: Sendable, Hashable, CustomStringConvertible {
    /// The first eight bytes, big endian.
    public let high: UInt64
    /// The last eight bytes, big endian.
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public static func random() -> TraceID { TraceID(high: .random(in: 1 ... .max), low: .random(in: 0 ... .max)) }

    /// `nil` unless `hex` is 32 hexadecimal digits.
    public init?(hex: String) {
        guard let bytes = Hex.decode(Array(hex.utf8)), bytes.count == 16 else { return nil }
        high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    public var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
    }

    /// 32 lower-case hexadecimal digits.
    public var hex: String { Hex.string(bytes) }
    public var description: String { hex }
}
