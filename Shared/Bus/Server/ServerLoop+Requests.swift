import Bytes
import Time

/// What arrives from callers.
extension ServerLoop {
    func receive(_ message: Message, from peer: PeerID) {
        let header = message.header
        let key = CallKey(peer: peer, correlation: header.correlation)
        switch header.kind {
        case .request: receiveRequest(message, key)
        case .chunk: receiveChunk(message, key)
        case .credit: calls[key]?.writer?.grant(upTo: header.chunk)
        case .cancel: receiveCancel(header, key)
        case .reply, .error, .event: break
        }
    }

    private func receiveRequest(_ message: Message, _ key: CallKey) {
        let header = message.header
        // Its caller has already been told that the time is over.
        guard header.deadline > .now(), calls[key] == nil else { return }
        guard !isDraining else { return refuse(key, .draining) }
        let hasStream = header.flags.contains(.stream) && !header.flags.contains(.embedded)
        guard calls.count < limits.openCalls, !hasStream || openStreams < limits.openStreams else {
            return refuse(key, .overloaded)
        }
        guard let (body, embedded) = Frame.separated(message.body, header), body.count <= limits.bodyBytes,
            let meta = try? Meta(message.meta, limits: limits)
        else { return refuse(key, .malformed) }
        let streamReader = hasStream ? makeReader(for: key) : nil
        let request = BusRequest(
            service: meta.service, operation: meta.operation, caller: meta.caller, attributes: meta.attributes,
            body: body, stream: embedded ?? streamReader?.stream(length: meta.streamLength),
            deadline: header.deadline, trace: header.trace, isIdempotent: header.flags.contains(.idempotent))
        openStreams += hasStream ? 1 : 0
        calls[key] = ServerCall(
            takesFiles: key.peer.isLocal && header.flags.contains(.takesFiles), task: execute(request, key),
            reader: streamReader)
    }

    private func makeReader(for key: CallKey) -> StreamReader {
        StreamReader(window: limits.streamWindow) { [mailbox] in mailbox.post(.signal(key, $0)) }
    }

    private func execute(_ request: BusRequest, _ key: CallKey) -> Task<Void, Never> {
        Task(executorPreference: executor(for: request)) { [handler, mailbox] in
            // Tasks wait for their turn too.
            guard request.deadline > .now() else {
                mailbox.post(.expired(key))
                return
            }
            let reply = await handler(request)
            let meta = Meta(attributes: reply.attributes, streamLength: reply.stream?.length).encoded()
            mailbox.post(.reply(key, reply, meta: meta))
        }
    }

    /// The thread's own for a few brief calls; `nil` is the pool of all cores.
    private func executor(for request: BusRequest) -> ServerExecutor? {
        guard briefCalls < Self.briefBurst, isBrief(request) else { return nil }
        briefCalls += 1
        return executor
    }

    private func receiveChunk(_ message: Message, _ key: CallKey) {
        let header = message.header
        guard let streamReader = calls[key]?.reader else { return }
        if header.flags.contains(.end) {
            streamReader.finish(after: header.chunk)
            endReader(of: key)
        } else if header.flags.contains(.failed) {
            streamReader.fail(ByteStreamError.truncated)
            endReader(of: key)
        } else if !streamReader.deliver(message) {
            streamReader.fail(BusError.protocolViolation("a piece without credit, out of order or malformed"))
            endReader(of: key)
            listener.send(Frame(.abandon, correlation: key.correlation), to: key.peer)
        }
    }

    private func receiveCancel(_ header: FrameHeader, _ key: CallKey) {
        guard header.flags.contains(.stream) else { return forget(key, because: .cancelled) }
        calls[key]?.writer?.close()
        endWriter(of: key)
    }

    /// Ends the calls of callers that went away.
    func lose(_ peers: [PeerID]) {
        for peer in peers {
            for key in calls.keys where key.peer == peer {
                forget(key, because: .connectionLost(maybeExecuted: true))
            }
        }
    }
}
