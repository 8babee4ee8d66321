/// Listens to the topics of other processes, and reconnects by itself.
public final class BusSubscriber: Sendable {
    /// The newest events; the oldest are dropped when the reader falls behind.
    public let events: AsyncStream<BusEvent>

    /// - Parameters:
    ///   - owners: whose publishers to listen to, every replica of each.
    ///   - topics: prefixes; the empty one matches every topic.
    ///   - onConnect: an owner was reached, for the first time or again, and rings from before are lost: look yourself.
    public init(
        owners: [String], topics: [String], routes: any BusRoutes, security: BusSecurity? = nil,
        limits: BusLimits = BusLimits(), onConnect: (@Sendable (_ owner: String) -> Void)? = nil
    ) {
        events = AsyncStream(bufferingPolicy: .bufferingNewest(1024)) { _ in }
    }

    public func close() {}
}
