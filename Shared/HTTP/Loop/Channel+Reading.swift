import CSystem
import Glibc

/// Reading: bytes when they are there, a wait otherwise.
extension Channel {
    /// Reads in a row before other tasks of the loop get their turn.
    private static let readsPerTurn = 16

    /// Reads what is there, or waits for it; false at the end of the peer's bytes.
    ///
    /// - Parameters:
    ///   - name: what a passed deadline is called in the error.
    ///   - cancellable: whether the end of the waiting task ends the wait, with `ConnectionError.cancelled`.
    func fill(
        until deadline: LoopTime, _ name: String, cancellable: Bool = false,
        _ consume: (UnsafeRawBufferPointer) -> Void
    ) async throws(ConnectionError) -> Bool {
        if readsThisTurn >= Self.readsPerTurn {
            readsThisTurn = 0
            await Task.yield()
        }
        while true {
            switch try read() {
            case .bytes(let bytes):
                readsThisTurn += 1
                consume(bytes)
                return true
            case .end: return false
            case .wouldBlock: try await waitReadable(until: deadline, name, cancellable)
            }
        }
    }

    /// Reads on while there is more, without waiting: fewer and larger pieces for whoever passes them on.
    ///
    /// - Parameter consume: tells whether it likes still more.
    func drain(_ consume: (UnsafeRawBufferPointer) -> Bool) throws(ConnectionError) {
        while isReadable, readsThisTurn < Self.readsPerTurn {
            guard case .bytes(let bytes) = try read() else { return }
            readsThisTurn += 1
            guard consume(bytes) else { return }
        }
    }

    /// Whether the peer sent nothing, not even its end, since the last byte that was read.
    func hasNothingToRead() -> Bool {
        guard isOpen, !peerHasClosed else { return false }
        if case .wouldBlock = try? read() { return true }
        return false
    }

    private enum ReadResult {
        /// Valid until the loop reads anything else: use it before any suspension.
        case bytes(UnsafeRawBufferPointer)
        case wouldBlock
        case end
    }

    /// Reads what is there, up to the loop's scratch space.
    private func read() throws(ConnectionError) -> ReadResult {
        loop.assertOnLoop()
        guard isOpen else { throw .closed }
        guard isReadable else { return .wouldBlock }
        switch tls?.read(into: loop.scratch) ?? readPlain() {
        case .bytes(let count): return .bytes(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]))
        case .wouldBlock:
            isReadable = false
            return .wouldBlock
        case .end: return .end
        case .failed(let error): throw error
        }
    }

    private func readPlain() -> Transfer {
        let count = recv(descriptor, loop.scratch.baseAddress, loop.scratch.count, 0)
        if count > 0 {
            // A short read emptied the socket; what comes later is announced anew, but an end seen already is not.
            if count < loop.scratch.count && !peerHasClosed { isReadable = false }
            return .bytes(count)
        }
        if count == 0 { return .end }
        return Self.failure("recv")
    }

    static func failure(_ call: String) -> Transfer {
        let code = errno
        return code == EAGAIN || code == EINTR ? .wouldBlock : .failed(.socket(SocketError(call, code)))
    }

    func waitReadable(
        until deadline: LoopTime, _ name: String, _ cancellable: Bool
    ) async throws(ConnectionError) {
        guard reader == nil else { throw .concurrentReaders }
        readsThisTurn = 0
        readDeadline = deadline
        armTimer(for: deadline)
        let wake = await suspendReader(cancellable)
        readDeadline = .never
        try Self.check(wake, name)
    }

    /// The isolation is spelled out so that the closures below stay on the loop's thread.
    private func suspendReader(_ cancellable: Bool, isolation: isolated (any Actor)? = #isolation) async -> Wake {
        readNumber += 1
        guard cancellable else { return await withUnsafeContinuation { reader = $0 } }
        if Task.isCancelled { return .cancelled }
        let number = readNumber
        return await withTaskCancellationHandler {
            _ = isolation
            loop.assertOnLoop()
            return await withUnsafeContinuation { reader = $0 }
        } onCancel: {
            // By the time this runs somebody else may be waiting.
            loop.execute { if self.readNumber == number { self.wakeReader(.cancelled) } }
        }
    }

    static func check(_ wake: Wake, _ name: String) throws(ConnectionError) {
        switch wake {
        case .ready: return
        case .timedOut: throw .timedOut(name)
        case .closed: throw .closed
        case .cancelled: throw .cancelled
        }
    }
}
