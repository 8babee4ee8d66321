import Bytes
import Synchronization

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

    /// A new id: no other process begins where this one began, and no two of one process are equal.
    ///
    /// Ids need to differ, not to be secret, so that they cost no system call each.
    public static func random() -> TraceID {
        let number = serial.add(1, ordering: .relaxed).newValue
        return TraceID(high: origin.high, low: mixed(origin.low &+ number &* 0x9e37_79b9_7f4a_7c15))
    }

    private static let serial = Atomic<UInt64>(0)
    private static let origin = TraceID(high: .random(in: 1 ... .max), low: .random(in: 0 ... .max))

    /// SplitMix64's finishing step: a permutation of all numbers.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

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
