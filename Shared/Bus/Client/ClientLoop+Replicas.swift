import Time

/// Finding replicas, and noticing that they come and go.
extension ClientLoop {
    /// Asks for the owner's addresses, off this thread: names may have to be looked up.
    func resolve(_ owner: Owner) {
        guard !owner.isResolving else { return }
        owner.isResolving = true
        Task { [routes, mailbox, name = owner.name] in
            mailbox.post(.resolved(owner: name, try? await routes.callAddresses(of: name)))
        }
    }

    func resolved(_ name: String, _ addresses: [BusAddress]?) {
        guard let owner = owners[name] else { return }
        owner.isResolving = false
        owner.nextResolution = routes.refreshInterval.map { .now() + $0 }
        // When names cannot be looked up, the addresses known so far are better than none.
        if let addresses {
            owner.isResolved = true
            connect(owner, to: addresses)
        }
        refusePointlessWaiting(for: owner)
    }

    private func connect(_ owner: Owner, to addresses: [BusAddress]) {
        for replica in owner.replicas { replica.isRetired = !addresses.contains(replica.connection.address) }
        owner.replicas.removeAll { $0.isRetired && $0.openCalls == 0 }
        let known = Set(owner.replicas.map(\.connection.address))
        var fresh = Set<BusAddress>()
        for address in addresses where !known.contains(address) && fresh.insert(address).inserted {
            add(address, to: owner, isHopeful: true)
        }
        relistReplicas()
    }

    private func add(_ address: BusAddress, to owner: Owner, isHopeful: Bool) {
        // An address that cannot be used at all is as good as none: its callers hear that there is no route.
        guard
            let replica = try? Replica(
                at: address, of: owner.name, security: security, limits: limits, isHopeful: isHopeful)
        else { return }
        owner.replicas.append(replica)
    }

    /// Acts on what the monitor has to say.
    func observe(_ replica: Replica, of owner: Owner) {
        let now = Timestamp.now()
        replica.mayHaveEvents = false
        while let event = replica.connection.monitor.next() {
            if replica.connection.apply(event, at: now) {
                lose(replica, of: owner)
            } else if case .ready = event {
                replica.isDraining = false
                dispatchWaiting(for: owner)
            }
        }
        refusePointlessWaiting(for: owner)
        scheduleReconnection(of: owner, at: now)
    }

    /// Fails the replica's calls at once, or sends those again that may be.
    private func lose(_ replica: Replica, of owner: Owner) {
        // Replies that came before the end are still good.
        receiveBurst(from: replica, of: owner)
        replica.isDraining = false
        for call in calls.values.filter({ $0.replica === replica }) {
            guard !call.hasReply, call.outgoing.request.flags.contains(.idempotent), !call.wasRetried, call.isRepeatable
            else {
                fail(call, .connectionLost(maybeExecuted: true))
                continue
            }
            leave(call)
            call.wasRetried = true
            dispatch(call, to: owner)
        }
        if routes.refreshInterval != nil { resolve(owner) }
    }

    private func dispatchWaiting(for owner: Owner) {
        let waiting = owner.waiting
        owner.waiting = []
        for call in waiting { dispatch(call, to: owner) }
    }

    /// Calls that wait although every replica is known to be away hear so at once.
    private func refusePointlessWaiting(for owner: Owner) {
        guard !owner.waiting.isEmpty, !owner.isHopeful(at: .now()) else { return }
        for call in owner.waiting where !call.wasRetried { fail(call, .noRoute(owner.name)) }
    }

    private func scheduleReconnection(of owner: Owner, at now: Timestamp) {
        guard owner.nextAttempt == nil, owner.replicas.contains(where: { !$0.connection.isReady }) else { return }
        owner.nextAttempt = now + Self.reconnectionInterval
    }

    func runOwnerTimers(at now: Timestamp) {
        for owner in owners.values {
            if let next = owner.nextResolution, next <= now {
                owner.nextResolution = nil
                resolve(owner)
            }
            if let next = owner.nextAttempt, next <= now {
                owner.nextAttempt = nil
                reconnect(owner, at: now)
                scheduleReconnection(of: owner, at: now)
            }
        }
    }

    /// libzmq gives up on a peer that once broke the protocol. A new socket tries again.
    private func reconnect(_ owner: Owner, at now: Timestamp) {
        let stale = owner.replicas.filter {
            !$0.connection.isReady && $0.openCalls == 0 && $0.connection.awaySince + Self.reconnectionInterval <= now
        }
        guard !stale.isEmpty else { return }
        owner.replicas.removeAll { replica in stale.contains { $0 === replica } }
        for replica in stale where !replica.isRetired {
            add(replica.connection.address, to: owner, isHopeful: false)
        }
        relistReplicas()
    }
}
