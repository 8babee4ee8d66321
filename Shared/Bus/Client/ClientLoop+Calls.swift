import Bytes
import Time

/// From a task to a replica.
extension ClientLoop {
    func open(_ outgoing: OutgoingCall) {
        let call = OpenCall(outgoing)
        guard !outgoing.ticket.isCancelled else { return outgoing.continuation.resume(throwing: BusError.cancelled) }
        if let stream = outgoing.stream, Frame.embeddable(stream) == nil {
            guard openStreams < limits.openStreams else {
                return outgoing.continuation.resume(throwing: BusError.overloaded)
            }
            openStreams += 1
            call.writer = makeWriter(stream, of: call.correlation)
        }
        calls[call.correlation] = call
        dispatch(call, to: owner(named: outgoing.owner))
    }

    private func makeWriter(_ stream: ByteStream, of correlation: UInt64) -> StreamWriter {
        StreamWriter(stream) { [mailbox] in mailbox.post(.signal(correlation, $0)) }
    }

    private func owner(named name: String) -> Owner {
        if let owner = owners[name] { return owner }
        let owner = Owner(name: name)
        owners[name] = owner
        return owner
    }

    /// Sends the call, or lets it wait for a replica that may be there in a moment.
    func dispatch(_ call: OpenCall, to owner: Owner) {
        let now = Timestamp.now()
        guard call.deadline > now else { return fail(call, .deadlineExceeded) }
        if !owner.isResolved { resolve(owner) }
        reconnectReplicas(of: owner, at: now)
        while let replica = owner.leastBusy(limit: limits.openCalls) {
            if send(call, to: replica, at: now) { return }
            // The connection is gone although the monitor did not say so yet.
            replica.isDraining = true
            observe(replica, of: owner)
        }
        if owner.replicas.contains(where: \.isUsable) { return fail(call, .overloaded) }
        guard call.wasRetried || owner.isHopeful(at: now) else { return fail(call, .noRoute(owner.name)) }
        let patience = now + limits.connectPatience
        call.waitsUntil = call.waitsUntil ?? (call.wasRetried ? patience : min(owner.hope ?? patience, patience))
        owner.waiting.append(call)
        schedule(call)
        scheduleReconnection(of: owner, at: now)
    }

    private func send(_ call: OpenCall, to replica: Replica, at now: Timestamp) -> Bool {
        let outgoing = call.outgoing
        var header = outgoing.request
        if diskWork != nil, replica.link.carriesFiles { header.flags.insert(.takesFiles) }
        let frame = Frame(
            header: header, meta: outgoing.meta, body: outgoing.body, stream: outgoing.stream)
        guard replica.link.send(frame) else { return false }
        if replica.openCalls == 0 { replica.link.expectAnswer() }
        if nextProbe == nil { nextProbe = now + limits.heartbeat }
        call.replica = replica
        call.waitsUntil = nil
        replica.openCalls += 1
        schedule(call)
        return true
    }

    private func schedule(_ call: OpenCall) {
        guard let timer = call.nextTimer else { return }
        earliestTimer = min(earliestTimer ?? timer, timer)
    }

    func send(_ signal: StreamSignal, of correlation: UInt64) {
        guard let call = calls[correlation], let replica = call.replica else { return }
        switch signal {
        case .chunk where call.writer == nil, .file where call.writer == nil: return
        case .end where call.writer == nil, .failed where call.writer == nil: return
        case .credit where call.reader == nil, .abandon where call.reader == nil: return
        default: _ = replica.link.send(Frame(signal, correlation: correlation))
        }
        switch signal {
        case .end, .failed: endWriter(of: call)
        case .abandon: endReader(of: call)
        case .chunk, .file, .credit: break
        }
    }

    func cancel(_ correlation: UInt64) {
        guard let call = calls[correlation], !call.hasReply else { return }
        tellCancelled(call)
        fail(call, .cancelled)
    }

    private func tellCancelled(_ call: OpenCall) {
        let header = FrameHeader(kind: .cancel, correlation: call.correlation)
        _ = call.replica?.link.send(Frame(header: header))
    }

    /// Fails calls whose time is over. Looks at every call, but only when the first of their timers comes.
    func runTimers(at now: Timestamp) {
        runOwnerTimers(at: now)
        probeReplicas(at: now)
        guard let earliestTimer, earliestTimer <= now else { return }
        self.earliestTimer = nil
        for call in Array(calls.values) {
            if let end = call.waitsUntil, end <= now, let hope = owners[call.outgoing.owner]?.hope, hope > now {
                call.waitsUntil = hope
            }
            guard let timer = call.nextTimer else { continue }
            guard timer <= now else {
                schedule(call)
                continue
            }
            if call.deadline <= now {
                tellCancelled(call)
                fail(call, .deadlineExceeded)
            } else {
                fail(call, call.wasRetried ? .connectionLost(maybeExecuted: true) : .noRoute(call.outgoing.owner))
            }
        }
    }
}

/// The ends of calls.
extension ClientLoop {
    /// Ends the call without a reply, or, if the reply is there, its streams.
    func fail(_ call: OpenCall, _ error: BusError) {
        leave(call)
        calls[call.correlation] = nil
        call.writer?.close()
        endWriter(of: call)
        call.reader?.fail(error)
        endReader(of: call)
        if !call.hasReply { call.outgoing.continuation.resume(throwing: error) }
        call.hasReply = true
    }

    /// Takes the call off its replica, or off the list of those that wait for one.
    func leave(_ call: OpenCall) {
        if let replica = call.replica {
            replica.openCalls -= 1
            call.replica = nil
        } else if let owner = owners[call.outgoing.owner] {
            owner.waiting.removeAll { $0 === call }
        }
    }

    func endReader(of call: OpenCall) {
        guard call.reader.take() != nil else { return }
        openStreams -= 1
        forgetIfOver(call)
    }

    func endWriter(of call: OpenCall) {
        guard call.writer.take() != nil else { return }
        openStreams -= 1
        forgetIfOver(call)
    }

    func forgetIfOver(_ call: OpenCall) {
        guard call.isOver, calls.removeValue(forKey: call.correlation) != nil else { return }
        leave(call)
    }
}
