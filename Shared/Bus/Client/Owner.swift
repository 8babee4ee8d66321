import Time

/// One process that serves an owner. For the client's thread.
final class Replica {
    let address: BusAddress
    let link: any ReplicaLink
    var openCalls = 0
    /// It said that it is going away.
    var isDraining = false
    /// Its address is no longer among the owner's.
    var isRetired = false

    var isUsable: Bool { link.presence.isReady && !isDraining && !isRetired }

    /// - Throws: `BusSetupError`
    init(
        at address: BusAddress, of owner: String, security: BusSecurity?, limits: BusLimits, isHopeful: Bool = true
    ) throws {
        self.address = address
        switch address {
        case .ipc(let path): link = LocalReplicaLink(to: path, limits: limits, isHopeful: isHopeful)
        case .tcp:
            link = try DealerLink(to: address, of: owner, security: security, limits: limits, isHopeful: isHopeful)
        }
    }
}

/// The replicas of an owner, and the calls that wait for one of them. For the client's thread.
final class Owner {
    let name: String
    var replicas: [Replica] = []
    var waiting: [OpenCall] = []
    var isResolving = false
    /// Whether its addresses were ever found.
    var isResolved = false
    var nextResolution: Timestamp?
    /// When replicas that stay away get new sockets.
    var nextAttempt: Timestamp?
    private var turn = 0

    init(name: String) { self.name = name }

    /// The usable replica with the fewest open calls; equals take turns.
    func leastBusy(limit: Int) -> Replica? {
        turn &+= 1
        var best: Replica?
        for index in replicas.indices {
            let replica = replicas[(index &+ turn) % replicas.count]
            guard replica.isUsable, replica.openCalls < best?.openCalls ?? limit else { continue }
            best = replica
        }
        return best
    }

    /// Until when a replica may still come up; `nil` while it is not known what replicas there are.
    var hope: Timestamp? { isResolved ? replicas.compactMap(\.link.presence.hopefulUntil).max() : nil }

    /// Whether a replica may be there in a moment.
    func isHopeful(at now: Timestamp) -> Bool {
        !isResolved && isResolving || replicas.contains { !$0.isRetired && $0.link.presence.isHopeful(at: now) }
    }
}

/// A call of this process that has no reply yet, or whose streams still flow. For the client's thread.
final class OpenCall {
    let outgoing: OutgoingCall
    var replica: Replica?
    var hasReply = false
    /// It was sent a second time, and will not be a third.
    var wasRetried = false
    /// How long it waits for a replica to connect, while it has none.
    var waitsUntil: Timestamp?
    /// The request's stream, until its last chunk was sent or its reader left.
    var writer: StreamWriter?
    /// The reply's stream, until its last chunk arrived or its reader left.
    var reader: StreamReader?

    var correlation: UInt64 { outgoing.ticket.correlation }
    var deadline: Timestamp { outgoing.request.deadline }
    var isOver: Bool { hasReply && writer == nil && reader == nil }
    /// When something must happen to it, whatever the peer does.
    var nextTimer: Timestamp? { hasReply ? nil : min(waitsUntil ?? deadline, deadline) }
    /// Whether its request can be sent again as it was.
    var isRepeatable: Bool { writer?.hasBegun != true }

    init(_ outgoing: OutgoingCall) { self.outgoing = outgoing }
}
