import Bytes

/// Receives calls and answers them.
public final class BusServer: Sendable {
    public typealias Handler = @Sendable (BusRequest) async -> BusReply

    private let addresses: [BusAddress]
    private let security: BusSecurity?
    private let limits: BusLimits
    private let handler: Handler

    /// - Parameters:
    ///   - bind: where to listen. `tcp` beyond the loopback interface needs `security`.
    ///   - handler: runs in a task of its own, which is cancelled when its caller cancels or goes away.
    public init(
        bind addresses: [BusAddress], security: BusSecurity? = nil, limits: BusLimits = BusLimits(),
        handler: @escaping Handler
    ) {
        self.addresses = addresses
        self.security = security
        self.limits = limits
        self.handler = handler
    }

    /// Binds the addresses and begins to serve.
    ///
    /// - Throws: `BusSetupError`
    public func start() throws {}

    /// Refuses new calls, waits for the open ones, cancels what is left after `limit`, and closes.
    public func drain(within limit: Duration) async {}
}
