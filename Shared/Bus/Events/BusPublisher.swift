/// Rings topics for whoever subscribed. Never waits; subscribers that are away or slow miss events.
public final class BusPublisher: Sendable {
    /// - Throws: `BusSetupError`
    public init(bind addresses: [BusAddress], security: BusSecurity? = nil, limits: BusLimits = BusLimits()) throws {}

    public func publish(_ topic: String, _ payload: [UInt8] = []) {}

    public func close() {}
}
