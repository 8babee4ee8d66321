import Bytes
import Time

/// The thread behind a client: owns the DEALERs, sends calls and resumes their tasks.
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
    /// The sockets of `poll`, in its order: two items a replica.
    var replicas: [(owner: Owner, replica: Replica)] = []
    var poll: PollSet

    private var commands: [ClientCommand] = []
    private var isClosed = false

    init(routes: any BusRoutes, security: BusSecurity?, limits: BusLimits, mailbox: Mailbox<ClientCommand>) {
        self.routes = routes
        self.security = security
        self.limits = limits
        self.mailbox = mailbox
        poll = PollSet(wakeUp: mailbox.wakeUp)
    }

    func run() {
        while !isClosed {
            poll.wait(milliseconds: mailbox.mayWait() ? waitMilliseconds() : 0)
            mailbox.wakened(wasSignalled: poll.isReadable(0))
            receive()
            obeyCommands()
            runTimers(at: .now())
        }
        close()
    }

    private func waitMilliseconds() -> Int {
        let ownerTimers = owners.values.lazy.flatMap { [$0.nextResolution, $0.nextAttempt] }
        guard let next = ([earliestTimer] + ownerTimers).compactMap(\.self).min() else { return -1 }
        return Int(min(max((next - .now()).milliseconds + 1, 0), Self.longestWait))
    }

    private func receive() {
        // Replies and losses may change the list; what is new has nothing to say yet.
        for (index, entry) in replicas.enumerated() {
            if poll.isReadable(1 + 2 * index) { receiveBurst(from: entry.replica, of: entry.owner) }
            if poll.isReadable(2 + 2 * index) { observe(entry.replica, of: entry.owner) }
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

    private func close() {
        for case .call(let outgoing) in mailbox.close() {
            outgoing.continuation.resume(throwing: BusError.cancelled)
        }
        for call in Array(calls.values) { fail(call, .cancelled) }
        replicas = []
        owners = [:]
    }
}
