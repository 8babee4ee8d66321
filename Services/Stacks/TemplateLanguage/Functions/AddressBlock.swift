import Glibc

/// A block of IPv4 or IPv6 addresses: `10.0.0.0/16`.
struct AddressBlock: Equatable {
    /// Bits of an address: 32 or 128.
    let width: Int
    /// With nothing behind the prefix.
    let address: UInt128
    let prefix: Int

    /// - Returns: `nil` for what is no address, a slash and the length of a prefix.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = Int(parts[1]), parts[1].utf8.count <= 3, prefix >= 0 else { return nil }
        width = parts[0].contains(":") ? 128 : 32
        guard prefix <= width, let address = Self.parse(String(parts[0]), width) else { return nil }
        let host = width - prefix
        self.address = (address >> UInt128(host)) << UInt128(host)
        self.prefix = prefix
    }

    private init(width: Int, address: UInt128, prefix: Int) {
        (self.width, self.address, self.prefix) = (width, address, prefix)
    }

    /// The first blocks of a size that this one has.
    ///
    /// - Parameter hostBits: the bits of an address within each: 8 for blocks of 256 addresses.
    /// - Returns: `nil` where there are not as many.
    func blocks(_ count: Int, hostBits: Int) -> [AddressBlock]? {
        let free = width - prefix - hostBits
        guard free >= 0, free >= 16 || count <= 1 << free else { return nil }
        return (0..<count).map { index in
            AddressBlock(
                width: width, address: address + UInt128(index) << UInt128(hostBits), prefix: width - hostBits)
        }
    }

    var text: String { (width == 32 ? dotted : colons) + "/\(prefix)" }

    private var dotted: String {
        [24, 16, 8, 0].map { String(address >> UInt128($0) & 0xff) }.joined(separator: ".")
    }

    private var colons: String {
        var bytes = (0..<16).map { UInt8(truncatingIfNeeded: address >> UInt128(120 - 8 * $0)) }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func parse(_ text: String, _ width: Int) -> UInt128? {
        var bytes = [UInt8](repeating: 0, count: width / 8)
        guard !text.utf8.contains(0), inet_pton(width == 32 ? AF_INET : AF_INET6, text, &bytes) == 1 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }
}
