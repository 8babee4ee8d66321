import Bytes
import Time

/// What a client knows of its owners, replicas and calls: owns the DEALERs, sends calls and resumes their tasks.
///
/// For one thread, its lane's, which waits for the sockets and then lets the loop take a `turn`.
final class ClientLoop {
    /// So many messages of one replica before the others get their turn.
    static let burst = 256
    /// With open calls, no wait is longer: the wall clock may be set.
    private static let longestWait: Int64 = 1000
    static let reconnectionInterval: Duration = .seconds(2)

    let routes: any BusRoutes
    let security: BusSecurity?
    let limits: BusLimits
    let mailbox: Mailbox<ClientCommand>

    var calls: [UInt64: OpenCall] = [:]
    var owners: [String: Owner] = [:]
    var openStreams = 0
    /// No call's timer comes before it.
    var earliestTimer: Timestamp?
    /// Every socket, as it is to be waited for.
    private(set) var replicas: [(owner: Owner, replica: Replica)] = []
    /// Changes with `replicas`.
    private(set) var listNumber = 0
    private(set) var isClosed = false

    private var commands: [ClientCommand] = []
    private weak var reactor: (any BusReactor)?

    init(routes: any BusRoutes, security: BusSecurity?, limits: BusLimits, mailbox: Mailbox<ClientCommand>) {
        self.routes = routes
        self.security = security
        self.limits = limits
        self.mailbox = mailbox
    }

    /// Lets a reactor wait for the sockets.
    func watch(with reactor: any BusReactor) { self.reactor = reactor }

    /// Whether there may be something to receive that no descriptor speaks of.
    var mayHaveNews: Bool { replicas.contains { $0.replica.mayHaveMessages || $0.replica.mayHaveEvents } }

    /// Receives, obeys and looks at the clock; never waits.
    func turn() {
        receive()
        obeyCommands()
        runTimers(at: .now())
    }

    /// How long nothing has to be done without news.
    func waitMilliseconds() -> Int {
        var next = earliestTimer
        for owner in owners.values {
            if let time = owner.nextResolution { next = min(next ?? time, time) }
            if let time = owner.nextAttempt { next = min(next ?? time, time) }
        }
        guard let next else { return .max }
        return Int(min(max((next - .now()).milliseconds + 1, 0), Self.longestWait))
    }

    private func receive() {
        // Replies and losses may change the list; what is new has nothing to say yet.
        for (owner, replica) in replicas {
            if replica.mayHaveMessages { receiveBurst(from: replica, of: owner) }
            if replica.mayHaveEvents { observe(replica, of: owner) }
        }
    }

    private func obeyCommands() {
        mailbox.take(into: &commands)
        for command in commands { obey(command) }
        commands.removeAll(keepingCapacity: true)
    }

    private func obey(_ command: ClientCommand) {
        switch command {
        case .call(let outgoing): open(outgoing)
        case .cancel(let correlation): cancel(correlation)
        case .signal(let correlation, let signal): send(signal, of: correlation)
        case .resolved(let owner, let addresses): resolved(owner, addresses)
        case .close: isClosed = true
        }
    }

    /// Makes `replicas` what the owners have.
    func relistReplicas() {
        let current = owners.values.flatMap { owner in owner.replicas.map { (owner, $0) } }
        if let reactor {
            for (_, replica) in replicas where !current.contains(where: { $0.1 === replica }) {
                unwatch(replica, with: reactor)
            }
            for (_, replica) in current where !replicas.contains(where: { $0.replica === replica }) {
                watch(replica, with: reactor)
            }
        }
        replicas = current
        listNumber += 1
    }

    private func watch(_ replica: Replica, with reactor: any BusReactor) {
        reactor.watch(replica.connection.socket.descriptor) { [unowned replica] in replica.mayHaveMessages = true }
        reactor.watch(replica.connection.monitor.events.descriptor) { [unowned replica] in
            replica.mayHaveEvents = true
        }
    }

    private func unwatch(_ replica: Replica, with reactor: any BusReactor) {
        reactor.unwatch(replica.connection.socket.descriptor)
        reactor.unwatch(replica.connection.monitor.events.descriptor)
    }

    func close() {
        for case .call(let outgoing) in mailbox.close() {
            outgoing.continuation.resume(throwing: BusError.cancelled)
        }
        for call in Array(calls.values) { fail(call, .cancelled) }
        owners = [:]
        relistReplicas()
    }
}
