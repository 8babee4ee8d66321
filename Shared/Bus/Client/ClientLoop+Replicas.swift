import Time

/// Finding replicas, and noticing that they come and go.
extension ClientLoop {
    /// Asks for the owner's addresses, off this thread where names have to be looked up.
    func resolve(_ owner: Owner) {
        guard !owner.isResolving else { return }
        // On a busy machine a task may begin after its caller has lost patience.
        if let known = routes.knownCallAddresses(of: owner.name) { return resolved(owner.name, known) }
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
        for replica in owner.replicas { replica.isRetired = !addresses.contains(replica.address) }
        owner.replicas.removeAll { $0.isRetired && $0.openCalls == 0 }
        let known = Set(owner.replicas.map(\.address))
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

    /// Acts on what became known of its connection.
    func observe(_ replica: Replica, of owner: Owner) {
        let now = Timestamp.now()
        let link = replica.link
        link.mayHaveEvents = false
        while let event = link.nextEvent() {
            if link.presence.apply(event, at: now) {
                lose(replica, of: owner)
                continue
            }
            switch event {
            case .opened: relistReplicas()
            case .ready: dispatchWaiting(for: owner)
            case .attemptFailed: if !link.reconnectsItself, link.messageDescriptor != nil { disconnect(link) }
            case .lost, .refused: break
            }
        }
        refusePointlessWaiting(for: owner)
        scheduleReconnection(of: owner, at: now)
    }

    /// Looks again for replicas that are away and do not come back by themselves.
    func reconnectReplicas(of owner: Owner, at now: Timestamp) {
        for replica in owner.replicas where !replica.link.presence.isReady && replica.link.reconnect(at: now) {
            observe(replica, of: owner)
        }
    }

    /// Asks those that owe answers for a sign of life.
    func probeReplicas(at now: Timestamp) {
        guard let nextProbe, nextProbe <= now else { return }
        self.nextProbe = calls.isEmpty ? nil : now + limits.heartbeat
        for (owner, replica) in replicas where replica.openCalls > 0 && replica.link.probe() {
            observe(replica, of: owner)
        }
    }

    /// Fails the replica's calls at once, or sends those again that may be.
    private func lose(_ replica: Replica, of owner: Owner) {
        // Replies that came before the end are still good.
        receiveBurst(from: replica, of: owner)
        if !replica.link.reconnectsItself { disconnect(replica.link) }
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

    func scheduleReconnection(of owner: Owner, at now: Timestamp) {
        guard owner.replicas.contains(where: { !$0.link.presence.isReady }) else { return }
        let next = now + (owner.waiting.isEmpty ? Self.reconnectionInterval : Self.waitersInterval)
        owner.nextAttempt = min(owner.nextAttempt ?? next, next)
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
        reconnectReplicas(of: owner, at: now)
        let stale = owner.replicas.filter {
            $0.link.reconnectsItself && !$0.link.presence.isReady && $0.openCalls == 0
                && $0.link.presence.awaySince + Self.reconnectionInterval <= now
        }
        guard !stale.isEmpty else { return }
        owner.replicas.removeAll { replica in stale.contains { $0 === replica } }
        for replica in stale where !replica.isRetired {
            add(replica.address, to: owner, isHopeful: false)
        }
        relistReplicas()
    }
}
