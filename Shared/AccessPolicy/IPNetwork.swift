import Glibc

/// An address or a range of them, IPv4 or IPv6, in CIDR notation.
public struct IPNetwork: Sendable, Equatable {
    /// IPv4 as an IPv4-mapped IPv6 address, so that one comparison serves both.
    private let high: UInt64
    private let low: UInt64
    private let prefix: Int

    /// `nil` for anything but `192.0.2.0/24`, `192.0.2.1`, `2001:db8::/32`, `2001:db8::1`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let (high, low, isMapped) = Self.address(String(parts[0])) else { return nil }
        let width = isMapped ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...width).contains(given) else { return nil }
            length = given
        }
        self.high = high
        self.low = low
        prefix = length + (128 - width)
    }

    /// Whether every address of the other range is one of these.
    public func contains(_ other: IPNetwork) -> Bool {
        guard other.prefix >= prefix else { return false }
        let highBits = min(prefix, 64)
        let lowBits = max(prefix - 64, 0)
        return (high ^ other.high) & Self.mask(highBits) == 0 && (low ^ other.low) & Self.mask(lowBits) == 0
    }

    private static func mask(_ bits: Int) -> UInt64 { bits == 0 ? 0 : ~0 << UInt64(64 - bits) }

    private static func address(_ text: String) -> (UInt64, UInt64, isMapped: Bool)? {
        var short = in_addr()
        if inet_pton(AF_INET, text, &short) == 1 {
            return (0, 0xffff_0000_0000 | UInt64(UInt32(bigEndian: short.s_addr)), true)
        }
        var long = in6_addr()
        guard inet_pton(AF_INET6, text, &long) == 1 else { return nil }
        return withUnsafeBytes(of: &long) { bytes in
            let high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
            let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            // A dual-stack socket reports IPv4 clients as ::ffff:192.0.2.1; 96 fixed bits stand before the address.
            return (high, low, false)
        }
    }
}
