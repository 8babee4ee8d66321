import Threads

/// Listens to the topics of other processes, and reconnects by itself.
public final class BusSubscriber: Sendable {
    /// The newest events; the oldest are dropped when the reader falls behind. For one reader.
    public let events: AsyncStream<BusEvent>

    private let mailbox = Mailbox<SubscriberCommand>()

    /// - Parameters:
    ///   - owners: whose publishers to listen to, every replica of each.
    ///   - topics: prefixes; the empty one matches every topic.
    ///   - backlog: how many events wait for the reader before the oldest are dropped.
    ///   - onConnect: an owner was reached, for the first time or again, and rings from before are lost: look yourself.
    ///     Called on the bus's thread; must not block.
    public init(
        owners: [String], topics: [String], routes: any BusRoutes, security: BusSecurity? = nil,
        limits: BusLimits = BusLimits(), backlog: Int = 1024, onConnect: (@Sendable (_ owner: String) -> Void)? = nil
    ) {
        let (events, sink) = AsyncStream.makeStream(of: BusEvent.self, bufferingPolicy: .bufferingNewest(backlog))
        self.events = events
        let plan = SubscriptionPlan(
            owners: owners, topics: topics, routes: routes, security: security, limits: limits, onConnect: onConnect)
        WorkThread.detach(named: "bus-subscriber") { [mailbox] in
            SubscriberLoop(plan, mailbox: mailbox, sink: sink).run()
        }
    }

    deinit { close() }

    /// Ends `events`.
    public func close() { mailbox.post(.close) }
}

/// What a subscriber listens to.
struct SubscriptionPlan: Sendable {
    let owners: [String]
    let topics: [String]
    let routes: any BusRoutes
    let security: BusSecurity?
    let limits: BusLimits
    let onConnect: (@Sendable (String) -> Void)?
}

enum SubscriberCommand: Sendable {
    /// `nil`: the owner's addresses could not be found.
    case resolved(owner: String, [BusAddress]?)
    case close
}
