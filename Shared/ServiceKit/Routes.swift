import Bus

/// Where each owner listens: Unix sockets in the run directory, or the addresses of `APUS_BUS_<OWNER>`.
struct Routes: BusRoutes {
    private let local: LocalRoutes
    private let configured: [String: BusAddress]

    /// - Parameter own: the owner that is asked for at the address this very process would bind.
    init(_ configuration: Config, toOwn own: String? = nil) throws {
        local = LocalRoutes(directory: configuration.runDirectory)
        var configured: [String: BusAddress] = [:]
        for owner in Owners.all {
            guard let text = configuration["APUS_BUS_\(owner.uppercased())"] else { continue }
            configured[owner] = try BusAddress.parse(text)
        }
        if let own, let bound = configuration["APUS_BUS_BIND"] {
            configured[own] = try BusAddress.parse(bound).fromInside
        }
        self.configured = configured
    }

    /// Names are resolved again and again where there are any: replicas come and go.
    var refreshInterval: Duration? { configured.isEmpty ? nil : .seconds(2) }

    func callAddresses(of owner: String) async throws -> [BusAddress] {
        guard let address = configured[owner] else { return local.callAddresses(of: owner) }
        return try await address.replicas()
    }

    func knownCallAddresses(of owner: String) -> [BusAddress]? {
        configured[owner] == nil ? local.callAddresses(of: owner) : nil
    }

    func eventAddresses(of owner: String) async throws -> [BusAddress] {
        guard let address = configured[owner] else { return local.eventAddresses(of: owner) }
        return try await address.nextPort.replicas()
    }
}

extension BusAddress {
    /// How the process that binds this address reaches it: a listener on all interfaces by loopback.
    var fromInside: BusAddress {
        switch self {
        case .tcp("0.0.0.0", let port): .tcp(host: "127.0.0.1", port: port)
        case .tcp("::", let port): .tcp(host: "::1", port: port)
        default: self
        }
    }

    /// A TCP owner's publisher listens on the port after its calls.
    var nextPort: BusAddress {
        switch self {
        case .ipc: self
        case .tcp(let host, let port): .tcp(host: host, port: port + 1)
        }
    }
}
