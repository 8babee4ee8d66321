import CZeroMQ
import Time

/// The thread behind a subscriber: one SUB a publisher.
final class SubscriberLoop {
    private struct Source {
        let owner: String
        let connection: Connection
    }

    /// How soon addresses that could not be found are asked for again, and sockets replaced that stay unconnected.
    private static let retryInterval: Duration = .seconds(2)

    private let plan: SubscriptionPlan
    private let mailbox: Mailbox<SubscriberCommand>
    private let sink: AsyncStream<BusEvent>.Continuation
    private let reader = MessageReader(parts: EventFrames.parts)
    private var sources: [Source] = []
    private var nextResolutions: [String: Timestamp] = [:]
    /// A socket that was never looked at does not announce what comes first.
    private var hasNewSources = false
    private var poll: PollSet
    private var commands: [SubscriberCommand] = []
    private var isClosed = false

    init(_ plan: SubscriptionPlan, mailbox: Mailbox<SubscriberCommand>, sink: AsyncStream<BusEvent>.Continuation) {
        self.plan = plan
        self.mailbox = mailbox
        self.sink = sink
        poll = PollSet(wakeUp: mailbox.wakeUp)
    }

    func run() {
        for owner in plan.owners { resolve(owner) }
        while !isClosed {
            poll.wait(milliseconds: !hasNewSources && mailbox.mayWait() ? waitMilliseconds() : 0)
            mailbox.wakened(wasSignalled: poll.isReadable(0))
            for (index, source) in sources.enumerated() {
                if hasNewSources || poll.isReadable(2 + 2 * index) { observe(source) }
                if hasNewSources || poll.isReadable(1 + 2 * index) { receive(from: source) }
            }
            hasNewSources = false
            obeyCommands()
            runTimers(at: .now())
        }
        _ = mailbox.close()
        sources = []
        sink.finish()
    }

    private func waitMilliseconds() -> Int {
        guard let next = nextResolutions.values.min() else { return -1 }
        return max(0, Int((next - .now()).milliseconds) + 1)
    }

    private func observe(_ source: Source) {
        while let event = source.connection.monitor.next() {
            let isLost = source.connection.presence.apply(event, at: .now())
            if case .ready = event { plan.onConnect?(source.owner) }
            if isLost { nextResolutions[source.owner] = .now() + Self.retryInterval }
        }
    }

    /// Takes all there is: the descriptor does not speak twice of one arrival.
    private func receive(from source: Source) {
        while true {
            switch reader.receive(from: source.connection.socket) {
            case .nothing: return
            case .malformed: continue
            case .complete:
                if let event = EventFrames.event(reader) { sink.yield(event) }
            }
        }
    }

    private func obeyCommands() {
        mailbox.take(into: &commands)
        for command in commands {
            switch command {
            case .resolved(let owner, let addresses): resolved(owner, addresses)
            case .close: isClosed = true
            }
        }
        commands.removeAll(keepingCapacity: true)
    }

    private func runTimers(at now: Timestamp) {
        for (owner, time) in nextResolutions where time <= now {
            nextResolutions[owner] = nil
            resolve(owner)
        }
    }

    private func resolve(_ owner: String) {
        Task { [routes = plan.routes, mailbox] in
            mailbox.post(.resolved(owner: owner, try? await routes.eventAddresses(of: owner)))
        }
    }

    private func resolved(_ owner: String, _ addresses: [BusAddress]?) {
        let now = Timestamp.now()
        if let addresses {
            // A socket that stays away is replaced: libzmq gives up on a peer that once broke the protocol.
            sources.removeAll { source in
                let connection = source.connection
                let isStale = !connection.presence.isReady && connection.presence.awaySince + Self.retryInterval <= now
                return source.owner == owner && (isStale || !addresses.contains(connection.address))
            }
            for address in Set(addresses) where !isConnected(to: address, of: owner) { connect(to: address, of: owner) }
            relistSources()
        }
        let isComplete = addresses != nil && sources.allSatisfy { $0.owner != owner || $0.connection.presence.isReady }
        let interval = plan.routes.refreshInterval ?? (isComplete ? nil : Self.retryInterval)
        nextResolutions[owner] = interval.map { now + $0 }
    }

    private func isConnected(to address: BusAddress, of owner: String) -> Bool {
        sources.contains { $0.owner == owner && $0.connection.address == address }
    }

    private func connect(to address: BusAddress, of owner: String) {
        do {
            let connection = try Connection(
                ZMQ_SUB, to: address, of: owner, security: plan.security, limits: plan.limits)
            for topic in plan.topics { connection.socket.set(ZMQ_SUBSCRIBE, topic) }
            try connection.connect()
            sources.append(Source(owner: owner, connection: connection))
        } catch {
            // Not an address that can be used now; the next resolution tries again.
            return
        }
    }

    private func relistSources() {
        hasNewSources = true
        poll.removeSockets()
        for source in sources {
            poll.add(source.connection.socket)
            poll.add(source.connection.monitor.events)
        }
    }
}
