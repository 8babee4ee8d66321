import Glibc

/// A range of addresses in CIDR notation: `10.0.0.0/24`, `2001:db8::/32`.
struct IPNetwork: Sendable, Equatable {
    private let address: [UInt8]
    private let bits: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let bits = Int(parts[1]), let address = IPNetwork.bytes(of: String(parts[0])),
            (0...address.count * 8).contains(bits)
        else { return nil }
        self.address = address
        self.bits = bits
    }

    func contains(_ text: String) -> Bool {
        guard let other = IPNetwork.bytes(of: text), other.count == address.count else { return false }
        let whole = bits / 8
        guard address.prefix(whole) == other.prefix(whole) else { return false }
        let rest = bits % 8
        return rest == 0 || (address[whole] ^ other[whole]) >> UInt8(8 - rest) == 0
    }

    /// Four or sixteen bytes, `nil` for text that is no address.
    private static func bytes(of text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }
}
