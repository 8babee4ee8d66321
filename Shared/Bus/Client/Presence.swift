import Time

/// What happens to a connection.
enum ConnectionEvent {
    /// Connected. Whether the peer takes part will be seen: one that is dying may only not have closed its door yet.
    case opened
    /// Connected, authenticated, ready to carry messages.
    case ready
    /// A connection that existed is gone. A libzmq server's names its descriptor.
    case lost(Int32)
    /// An attempt to connect failed.
    case attemptFailed
    /// The peer speaks another protocol or does not know our key; libzmq may not try again.
    case refused
}

/// What is known about whether a peer is there. For one thread.
struct Presence {
    private(set) var isReady = false
    /// Until when it is worth waiting for the connection; `nil` once the peer is known to be away.
    private(set) var hopefulUntil: Timestamp?
    /// Since when there has been no connection.
    private(set) var awaySince = Timestamp.now()
    private var wasReady = false
    private let patience: Duration
    private let helloPatience: Duration

    init(_ limits: BusLimits, isHopeful: Bool) {
        patience = limits.connectPatience
        helloPatience = limits.helloPatience
        hopefulUntil = isHopeful ? awaySince + patience : nil
    }

    func isHopeful(at now: Timestamp) -> Bool { hopefulUntil.map { now < $0 } ?? false }

    /// Notes what happened. `true` if a connection that was ready is lost.
    mutating func apply(_ event: ConnectionEvent, at now: Timestamp) -> Bool {
        switch event {
        case .opened:
            if !isReady { hopefulUntil = now + helloPatience }
        case .ready:
            isReady = true
            wasReady = true
            hopefulUntil = nil
        case .lost:
            guard isReady else { break }
            isReady = false
            awaySince = now
            hopefulUntil = now + patience
            return true
        case .attemptFailed:
            // A peer that never was ready may still be starting.
            if !isReady { hopefulUntil = wasReady ? nil : hopefulUntil.map { min($0, now + patience) } }
        case .refused:
            hopefulUntil = nil
        }
        return false
    }
}
