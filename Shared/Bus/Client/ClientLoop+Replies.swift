import Bytes

/// What arrives from replicas.
extension ClientLoop {
    func receiveBurst(from replica: Replica, of owner: Owner) {
        let link = replica.link
        for _ in 0..<Self.burst {
            switch link.receive() {
            case .nothing:
                link.mayHaveMessages = false
                return
            case .malformed: continue
            case .message(let message): receive(message, from: replica, of: owner)
            }
        }
        link.mayHaveMessages = true
        link.clear()
    }

    private func receive(_ message: Message, from replica: Replica, of owner: Owner) {
        let header = message.header
        if header.kind == .error, header.correlation == 0, header.status == Refusal.draining.rawValue {
            replica.isDraining = true
        }
        // A call that was given up, or a peer that makes numbers up, is not among ours.
        guard let call = calls[header.correlation], call.replica === replica else { return }
        switch header.kind {
        case .reply: receiveReply(message, for: call)
        case .error: receiveRefusal(header, for: call, from: replica, of: owner)
        case .chunk: receiveChunk(message, for: call)
        case .credit: call.writer?.grant(upTo: header.chunk)
        case .cancel:
            call.writer?.close()
            endWriter(of: call)
        case .request, .event: break
        }
    }

    private func receiveReply(_ message: Message, for call: OpenCall) {
        guard !call.hasReply else { return }
        let header = message.header
        let meta: Meta
        guard let (body, embedded) = Frame.separated(message.body, header) else {
            return fail(call, .protocolViolation("the reply does not say where its stream begins"))
        }
        do throws(BusError) {
            guard body.count <= limits.bodyBytes else { throw .protocolViolation("the reply is too long") }
            meta = try Meta(message.meta, limits: limits)
        } catch {
            return fail(call, error)
        }
        if header.flags.contains(.stream), embedded == nil {
            guard openStreams < limits.openStreams else { return fail(call, .overloaded) }
            openStreams += 1
            call.reader = makeReader(for: call)
        }
        call.hasReply = true
        let reply = BusReply(
            status: header.status, isError: header.flags.contains(.serviceError), attributes: meta.attributes,
            body: body, stream: embedded ?? call.reader?.stream(length: meta.streamLength))
        call.outgoing.continuation.resume(returning: reply)
        forgetIfOver(call)
    }

    private func makeReader(for call: OpenCall) -> StreamReader {
        StreamReader(window: limits.streamWindow, diskWork: diskWork) { [mailbox, correlation = call.correlation] in
            mailbox.post(.signal(correlation, $0))
        }
    }

    private func receiveRefusal(_ header: FrameHeader, for call: OpenCall, from replica: Replica, of owner: Owner) {
        guard !call.hasReply else { return }
        switch Refusal(rawValue: header.status) {
        case .draining:
            replica.isDraining = true
            guard call.isRepeatable else { return fail(call, .connectionLost(maybeExecuted: false)) }
            leave(call)
            dispatch(call, to: owner)
        case .overloaded: fail(call, .overloaded)
        case .malformed: fail(call, .protocolViolation("the callee refused the request's format or size"))
        case .unanswerable: fail(call, .protocolViolation("the callee's reply exceeds a limit of the bus"))
        case nil: fail(call, .protocolViolation("unknown refusal \(header.status)"))
        }
    }

    private func receiveChunk(_ message: Message, for call: OpenCall) {
        let header = message.header
        guard let reader = call.reader else { return }
        if header.flags.contains(.end) {
            reader.finish(after: header.chunk)
            endReader(of: call)
        } else if header.flags.contains(.failed) {
            reader.fail(ByteStreamError.truncated)
            endReader(of: call)
        } else if !reader.deliver(message) {
            reader.fail(BusError.protocolViolation("a piece without credit, out of order or malformed"))
            send(.abandon, of: call.correlation)
        }
    }
}
