/// Which addresses requests may go to whose URLs the stack's users chose: the way out must not be a way in.
///
/// Public addresses always. Loopback, link-local and private ones (a machine's other services, a cloud's metadata)
/// where `APUS_PRIVATE_ENDPOINTS` names them: networks with commas, such as `127.0.0.0/8,192.168.1.20`, or `none`.
/// Unset, a stack that only this machine can reach may reach this machine, and no other stack any.
public struct OutboundAddresses: Sendable {
    private let allowed: [IPNetwork]

    /// What RFC 6890 and its successors set apart, and the ranges that carry such addresses within IPv6.
    private static let special = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128",
        "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8",
    ].compactMap { IPNetwork($0) }

    /// - Throws: `ConfigError`
    public init(_ configuration: Config) throws {
        let name = "APUS_PRIVATE_ENDPOINTS"
        let isLocal =
            configuration["APUS_BUS_BIND"] == nil
            && ["127.0.0.1", "::1", "localhost"].contains(configuration["APUS_HOST"] ?? "127.0.0.1")
        let text = configuration[name] ?? (isLocal ? "127.0.0.0/8,::1" : "none")
        allowed =
            try text == "none"
            ? []
            : text.split(separator: ",").map { part in
                guard let network = IPNetwork(String(part.filter { $0 != " " })) else {
                    throw ConfigError(name: name, value: String(part), expected: "none, or networks like 10.0.0.0/8")
                }
                return network
            }
    }

    /// - Parameter address: IPv4 or IPv6 in text; anything else is refused.
    public func admits(_ address: String) -> Bool {
        guard let address = IPNetwork(address) else { return false }
        return !OutboundAddresses.special.contains { $0.contains(address) } || allowed.contains { $0.contains(address) }
    }
}
