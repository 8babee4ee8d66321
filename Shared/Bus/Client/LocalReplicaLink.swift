import Time

#if canImport(Glibc)
    import Glibc
#endif

/// A connection to a replica on this machine, over a Unix socket that the client's own thread reads and writes.
final class LocalReplicaLink: ReplicaLink {
    private static let attemptInterval: Duration = .milliseconds(10)
    /// A process that is not stopped may be busy for so many times the heartbeats' timeout: unlike libzmq's, its
    /// sockets are read by the thread that also works.
    private static let forbearance = 10

    private let path: String
    private let limits: BusLimits
    private var link: LocalLink?
    private var peer: pid_t?
    private var events: [ConnectionEvent] = []
    private var lastAttempt: Timestamp?
    /// Probes in a row that found nothing to have come.
    private var silentProbes = 0
    private var hasLostLink = false
    private var isReady = false
    var presence: Presence
    var mayHaveMessages = true
    var mayHaveEvents = true

    init(to path: String, limits: BusLimits, isHopeful: Bool) {
        self.path = path
        self.limits = limits
        presence = Presence(limits, isHopeful: isHopeful)
        _ = reconnect(at: .now())
    }

    var messageDescriptor: Int32? { link?.descriptor }
    var eventDescriptor: Int32? { nil }
    var isBlocked: Bool { link?.isBlocked ?? false }
    var reconnectsItself: Bool { false }
    var carriesFiles: Bool { true }

    func send(_ frame: Frame) -> Bool {
        guard let link, isReady, !hasLostLink else { return false }
        link.send(frame)
        return true
    }

    func flush() {
        if let link, link.hasOutput { link.flush() }
    }

    func receive() -> Arrival {
        guard let link else { return .nothing }
        let arrival = link.receive()
        if link.isGreeted, !isReady {
            isReady = true
            note(.ready)
        }
        if case .nothing = arrival, link.hasEnded { lose() }
        return arrival
    }

    private func lose() {
        guard !hasLostLink else { return }
        hasLostLink = true
        note(isReady ? .lost(-1) : .attemptFailed)
    }

    private func note(_ event: ConnectionEvent) {
        events.append(event)
        mayHaveEvents = true
    }

    func nextEvent() -> ConnectionEvent? { events.isEmpty ? nil : events.removeFirst() }
    func clear() {}

    func expectAnswer() {
        silentProbes = 0
        _ = link?.takeSignOfLife()
    }

    func probe() -> Bool {
        guard let link, !hasLostLink else { return false }
        silentProbes = link.takeSignOfLife() ? 0 : silentProbes + 1
        let timeout = Int(limits.heartbeatTimeout.milliseconds / max(limits.heartbeat.milliseconds, 1))
        if silentProbes > timeout, silentProbes > timeout * Self.forbearance || peer.map(isStopped) == true {
            lose()
            return true
        }
        if silentProbes > 0 { link.ping() }
        return false
    }

    func reconnect(at now: Timestamp) -> Bool {
        guard link == nil, lastAttempt.map({ $0 + Self.attemptInterval <= now || now < $0 }) ?? true else {
            return false
        }
        lastAttempt = now
        guard let descriptor = LocalSocket.connect(to: path) else {
            note(.attemptFailed)
            return true
        }
        link = LocalLink(descriptor, as: .caller, limits: limits)
        peer = LocalSocket.peer(of: descriptor)
        hasLostLink = false
        isReady = false
        mayHaveMessages = true
        note(.opened)
        return true
    }

    func disconnect() { link = nil }
}
