import Bytes

/// What goes back to callers, and the ends of calls.
extension ServerLoop {
    func send(_ reply: BusReply, meta: [UInt8], to key: CallKey) {
        // Nobody waits any more for a call that was cancelled.
        guard var call = calls[key] else { return }
        call.task = nil
        // Most calls are over with their reply; what still flows is put back.
        calls[key] = call.isOver && reply.stream == nil ? nil : call
        guard reply.body.count <= limits.bodyBytes, meta.count <= limits.metaBytes else {
            return refuse(key, .unanswerable)
        }
        var header = FrameHeader(kind: .reply, correlation: key.correlation, status: reply.status)
        if reply.isError { header.flags.insert(.serviceError) }
        if let stream = reply.stream, Frame.embeddable(stream) == nil {
            guard openStreams < limits.openStreams else { return refuse(key, .unanswerable) }
            header.flags.insert(.stream)
            call.writer = StreamWriter(stream, readerTakesFiles: call.takesFiles) { [mailbox] in
                mailbox.post(.signal(key, $0))
            }
            openStreams += 1
            calls[key] = call
        }
        listener.send(Frame(header: header, meta: meta, body: reply.body, stream: reply.stream), to: key.peer)
        call.writer?.begin()
        forgetIfOver(key)
    }

    func send(_ signal: StreamSignal, to key: CallKey) {
        guard let call = calls[key] else { return }
        switch signal {
        case .chunk where call.writer == nil, .file where call.writer == nil: return
        case .end where call.writer == nil, .failed where call.writer == nil: return
        case .credit where call.reader == nil, .abandon where call.reader == nil: return
        default: listener.send(Frame(signal, correlation: key.correlation), to: key.peer)
        }
        switch signal {
        case .end, .failed: endWriter(of: key)
        case .abandon: endReader(of: key)
        case .chunk, .file, .credit: break
        }
    }

    func refuse(_ key: CallKey, _ refusal: Refusal) {
        let header = FrameHeader(kind: .error, correlation: key.correlation, status: refusal.rawValue)
        listener.send(Frame(header: header), to: key.peer)
        forget(key, because: .overloaded)
    }

    func endTask(of key: CallKey) {
        calls[key]?.task = nil
        forgetIfOver(key)
    }

    func endReader(of key: CallKey) {
        guard calls[key]?.reader != nil else { return }
        calls[key]?.reader = nil
        openStreams -= 1
        forgetIfOver(key)
    }

    func endWriter(of key: CallKey) {
        guard calls[key]?.writer != nil else { return }
        calls[key]?.writer = nil
        openStreams -= 1
        forgetIfOver(key)
    }

    private func forgetIfOver(_ key: CallKey) {
        if calls[key]?.isOver == true { calls[key] = nil }
    }

    /// Cancels whatever still runs for the call.
    func forget(_ key: CallKey, because error: BusError) {
        guard let call = calls.removeValue(forKey: key) else { return }
        openStreams -= call.streamCount
        call.task?.cancel()
        call.reader?.fail(error)
        call.writer?.close()
    }
}
