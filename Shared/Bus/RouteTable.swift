import Synchronization

/// Owners at configured addresses; a `tcp` host name stands for every address it resolves to.
public struct RouteTable: BusRoutes {
    /// Both sockets of an owner, with as many replicas as their names resolve to.
    public struct Route: Sendable {
        public var calls: [BusAddress]
        public var events: [BusAddress]

        public init(calls: [BusAddress], events: [BusAddress] = []) {
            self.calls = calls
            self.events = events
        }
    }

    private let routes: [String: Route]
    private let fallback: LocalRoutes?
    public let refreshInterval: Duration?

    /// - Parameters:
    ///   - routes: by owner.
    ///   - directory: where the sockets of owners that are not listed lie.
    public init(_ routes: [String: Route], directory: String? = nil) {
        self.routes = routes
        fallback = directory.map { LocalRoutes(directory: $0) }
        let hasNames = routes.values.contains { ($0.calls + $0.events).contains(where: NameResolver.isName) }
        refreshInterval = hasNames ? .seconds(2) : nil
    }

    /// - Throws: `NameResolutionError`
    public func callAddresses(of owner: String) async throws -> [BusAddress] {
        guard let route = routes[owner] else { return fallback?.callAddresses(of: owner) ?? [] }
        return try await NameResolver.resolve(route.calls)
    }

    public func knownCallAddresses(of owner: String) -> [BusAddress]? {
        guard let route = routes[owner] else { return fallback?.callAddresses(of: owner) ?? [] }
        return route.calls.contains(where: NameResolver.isName) ? nil : route.calls
    }

    /// - Throws: `NameResolutionError`
    public func eventAddresses(of owner: String) async throws -> [BusAddress] {
        guard let route = routes[owner] else { return fallback?.eventAddresses(of: owner) ?? [] }
        return try await NameResolver.resolve(route.events)
    }
}
