import Bytes
import Time

/// What a client knows of its owners, replicas and calls: owns the DEALERs, sends calls and resumes their tasks.
///
/// For one thread, its lane's, which waits for the sockets and then lets the loop take a `turn`.
final class ClientLoop {
    /// So many messages of one replica before the others get their turn, and before what they led to leaves: decision 0089.
    static let burst = 8
    /// With open calls, no wait is longer: the wall clock may be set.
    private static let longestWait: Int64 = 1000
    static let reconnectionInterval: Duration = .seconds(2)
    /// The same while calls wait for a replica.
    static let waitersInterval: Duration = .milliseconds(10)

    let routes: any BusRoutes
    let security: BusSecurity?
    let limits: BusLimits
    let mailbox: Mailbox<ClientCommand>
    /// `nil`: files are not taken.
    let diskWork: DiskWork?

    var calls: [UInt64: OpenCall] = [:]
    var owners: [String: Owner] = [:]
    var openStreams = 0
    /// No call's timer comes before it.
    var earliestTimer: Timestamp?
    /// When replicas that owe answers are asked for a sign of life.
    var nextProbe: Timestamp?
    private(set) var replicas: [(owner: Owner, replica: Replica)] = []
    /// What is to be waited for.
    private(set) var watched: [WatchedDescriptor] = []
    /// Changes with `watched`.
    private(set) var listNumber = 0
    private(set) var isClosed = false

    private var commands: [ClientCommand] = []
    private weak var reactor: (any BusReactor)?

    init(
        routes: any BusRoutes, security: BusSecurity?, limits: BusLimits, diskWork: DiskWork?,
        mailbox: Mailbox<ClientCommand>
    ) {
        self.routes = routes
        self.diskWork = diskWork
        self.security = security
        self.limits = limits
        self.mailbox = mailbox
    }

    /// Lets a reactor wait for the sockets.
    func watch(with reactor: any BusReactor) { self.reactor = reactor }

    /// Whether there may be something to receive that no descriptor speaks of.
    var mayHaveNews: Bool { replicas.contains { $0.replica.link.mayHaveMessages || $0.replica.link.mayHaveEvents } }

    /// Receives, obeys and looks at the clock; never waits.
    func turn() {
        receive()
        obeyCommands()
        runTimers(at: .now())
    }

    /// Sends what is to leave together: after a turn, and after the tasks that it resumed.
    func flush() {
        for (_, replica) in replicas {
            replica.link.flush()
            if let reactor, replica.link.isBlocked, let descriptor = replica.link.messageDescriptor {
                reactor.awaitRoom(descriptor)
            }
        }
    }

    /// How long nothing has to be done without news.
    func waitMilliseconds() -> Int {
        var next = earliestTimer
        if let nextProbe { next = min(next ?? nextProbe, nextProbe) }
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
            if replica.link.mayHaveMessages { receiveBurst(from: replica, of: owner) }
            if replica.link.mayHaveEvents { observe(replica, of: owner) }
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

    /// Makes `replicas` and `watched` what the owners have.
    func relistReplicas() {
        replicas = owners.values.flatMap { owner in owner.replicas.map { (owner, $0) } }
        let current = replicas.flatMap { WatchedDescriptor.all(of: $0.replica.link) }
        for old in watched where !current.contains(old) { reactor?.unwatch(old.descriptor) }
        for new in current where !watched.contains(new) { reactor?.watch(new.descriptor) { new.announce() } }
        watched = current
        listNumber += 1
    }

    /// Closes a lost connection. Its descriptor's number may be another's the moment it is closed.
    func disconnect(_ link: any ReplicaLink) {
        for lost in watched where lost.link === link { reactor?.unwatch(lost.descriptor) }
        watched.removeAll { $0.link === link }
        listNumber += 1
        link.disconnect()
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
