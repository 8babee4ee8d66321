import Bus

/// Where each owner listens: Unix sockets in the run directory, or the addresses of `APUS_BUS_<OWNER>`.
struct Routes: BusRoutes {
    private let local: LocalRoutes
    private let configured: [String: BusAddress]

    init(_ configuration: Config) throws {
        local = LocalRoutes(directory: configuration.runDirectory)
        var configured: [String: BusAddress] = [:]
        for owner in Owners.all {
            guard let text = configuration["APUS_BUS_\(owner.uppercased())"] else { continue }
            configured[owner] = try BusAddress.parse(text)
        }
        self.configured = configured
    }

    /// Names are resolved again and again where there are any: replicas come and go.
    var refreshInterval: Duration? { configured.isEmpty ? nil : .seconds(2) }

    func callAddresses(of owner: String) async throws -> [BusAddress] {
        guard let address = configured[owner] else { return local.callAddresses(of: owner) }
        return try await address.replicas()
    }

    func eventAddresses(of owner: String) async throws -> [BusAddress] {
        guard let address = configured[owner] else { return local.eventAddresses(of: owner) }
        return try await address.nextPort.replicas()
    }
}

extension BusAddress {
    /// A TCP owner's publisher listens on the port after its calls.
    var nextPort: BusAddress {
        switch self {
        case .ipc: self
        case .tcp(let host, let port): .tcp(host: host, port: port + 1)
        }
    }
}
