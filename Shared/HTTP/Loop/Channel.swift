import CSystem
import Glibc

/// What one attempt to move bytes did.
enum Transfer {
    case bytes(Int)
    case wouldBlock
    case end
    case failed(ConnectionError)
}

/// A connected socket on an event loop, in the clear or under TLS: bytes when they are there, waits with deadlines otherwise.
///
/// The socket is read only when somebody asks, so a slow reader holds back its peer without further ado. Events are
/// edge-triggered: `isReadable` and `isWritable` remember them until the kernel says "would block".
///
/// `@unchecked Sendable`: everything is touched on the loop's thread only, by the actors pinned to that loop.
final class Channel: EventHandler, TimerTarget, @unchecked Sendable {
    private enum Wake { case ready, timedOut, closed, cancelled }
    private typealias Waiter = UnsafeContinuation<Wake, Never>

    /// Reads in a row before other tasks of the loop get their turn.
    private static let readsPerTurn = 16

    let loop: EventLoop
    let descriptor: Int32
    private var tls: TLSSession?
    private var outbox = Outbox()

    private var isReadable = false
    private var isWritable: Bool
    private(set) var isOpen = true
    /// The peer sent its end, or the connection broke.
    private(set) var peerHasClosed = false
    /// Called once when `peerHasClosed` becomes true.
    var onPeerClosed: (() -> Void)?

    private var reader: Waiter?
    private var writers: [Waiter] = []
    private var readDeadline = LoopTime.never
    private var writeDeadline = LoopTime.never
    private var timerDeadline = LoopTime.never
    private var readsThisTurn = 0
    /// Waits for bytes so far.
    private var readNumber = 0
    private var awaitsFlush = false
    var timerIndex = -1

    /// Takes over a non-blocking socket that is connected, or on the way.
    init(_ descriptor: Int32, on loop: EventLoop, isConnecting: Bool = false) throws(SocketError) {
        isWritable = !isConnecting
        self.loop = loop
        self.descriptor = descriptor
        let events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        try loop.register(descriptor, for: events, self)
    }

    // MARK: Reading

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

    private static func failure(_ call: String) -> Transfer {
        let code = errno
        return code == EAGAIN || code == EINTR ? .wouldBlock : .failed(.socket(SocketError(call, code)))
    }

    private func waitReadable(
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

    private static func check(_ wake: Wake, _ name: String) throws(ConnectionError) {
        switch wake {
        case .ready: return
        case .timedOut: throw .timedOut(name)
        case .closed: throw .closed
        case .cancelled: throw .cancelled
        }
    }

    // MARK: Writing

    /// Bytes queued and not yet taken by the kernel.
    var pendingCount: Int { outbox.count }

    /// Queues bytes; nothing is written before `flush`.
    func queue(_ bytes: [UInt8]) { outbox.append(bytes) }
    func queue(_ write: (inout [UInt8]) throws -> Void) rethrows { try outbox.append(write) }

    /// Writes what the kernel takes now.
    func flush() throws(ConnectionError) {
        loop.assertOnLoop()
        guard isOpen else { throw .closed }
        while isWritable && !outbox.isEmpty {
            var result = Transfer.wouldBlock
            _ = outbox.writeSome { first, second in
                result = tls?.write(first) ?? writePlain(first, second)
                guard case .bytes(let count) = result else { return 0 }
                return count
            }
            switch result {
            case .bytes: writeDeadline = .never
            case .wouldBlock: isWritable = false
            case .end: throw .closed
            case .failed(let error): throw error
            }
        }
    }

    /// Writes before the loop waits again; what the kernel does not take then leaves as soon as it does.
    func flushSoon() {
        guard !awaitsFlush, isOpen else { return }
        awaitsFlush = true
        loop.flushBeforeWaiting(self)
    }

    func flushNow() {
        awaitsFlush = false
        // A failure shows again where somebody waits for the outcome.
        try? flush()
    }

    private func writePlain(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Transfer {
        guard !second.isEmpty else {
            let count = send(descriptor, first.baseAddress, first.count, Int32(MSG_NOSIGNAL))
            return count >= 0 ? .bytes(count) : Self.failure("send")
        }
        let vectors = [first, second].map {
            iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
        }
        let count = writev(descriptor, vectors, 2)
        return count >= 0 ? .bytes(count) : Self.failure("writev")
    }

    /// Writes until no more than `limit` bytes are left; every byte of progress starts the stall time-out anew.
    func flush(downTo limit: Int, stallMilliseconds: Int64) async throws(ConnectionError) {
        while true {
            try flush()
            guard outbox.count > limit else { return }
            if writeDeadline == .never { writeDeadline = loop.now.advanced(byMilliseconds: stallMilliseconds) }
            armTimer(for: writeDeadline)
            let wake = await withUnsafeContinuation { writers.append($0) }
            try Self.check(wake, "write")
        }
    }

    // MARK: Opening

    /// Waits for an outgoing connection to stand.
    func waitConnected(until deadline: LoopTime) async throws(ConnectionError) {
        if !isWritable { try await waitWritable(until: deadline, "connect") }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else { throw .socket(SocketError("connect", code)) }
    }

    private func waitWritable(until deadline: LoopTime, _ name: String) async throws(ConnectionError) {
        isWritable = false
        writeDeadline = deadline
        armTimer(for: deadline)
        let wake = await withUnsafeContinuation { writers.append($0) }
        writeDeadline = .never
        try Self.check(wake, name)
    }

    /// Speaks the TLS handshake; everything after it is encrypted.
    func startTLS(_ session: TLSSession, until deadline: LoopTime) async throws(ConnectionError) {
        tls = session
        while true {
            switch session.handshake() {
            case .done: return
            case .wantsRead:
                isReadable = false
                try await waitReadable(until: deadline, "handshake", false)
            case .wantsWrite:
                try await waitWritable(until: deadline, "handshake")
            case .failed(let message): throw .tls(message)
            }
        }
    }

    var tlsSession: TLSSession? { tls }

    // MARK: Closing

    /// Tells the peer that nothing more will be sent; reading goes on.
    func finishWriting() {
        guard isOpen else { return }
        tls?.notifyClose()
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Closes at once; whoever waits is told.
    func close() {
        loop.assertOnLoop()
        guard isOpen else { return }
        isOpen = false
        if outbox.isEmpty { tls?.notifyClose() }
        loop.deregister(descriptor)
        loop.cancelTimer(self)
        Glibc.close(descriptor)
        onPeerClosed = nil
        wakeReader(.closed)
        wakeWriters(.closed)
    }

    // MARK: Events

    func ready(_ events: UInt32) {
        let ending = EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue
        if events & ending != 0 { noticePeerClosed() }
        // Under TLS either direction may wait for the other, so both try again.
        let tries = tls != nil
        if events & (EPOLLIN.rawValue | ending) != 0 || tries {
            isReadable = true
            wakeReader(.ready)
        }
        if events & (EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 || tries {
            isWritable = true
            if writers.isEmpty && !outbox.isEmpty { flushSoon() }
            wakeWriters(.ready)
        }
    }

    private func noticePeerClosed() {
        guard !peerHasClosed else { return }
        peerHasClosed = true
        onPeerClosed?()
        onPeerClosed = nil
    }

    func timerFired(at now: LoopTime) {
        timerDeadline = .never
        if readDeadline <= now { wakeReader(.timedOut) }
        if writeDeadline <= now { wakeWriters(.timedOut) }
        armTimer(for: min(reader == nil ? .never : readDeadline, writers.isEmpty ? .never : writeDeadline))
    }

    /// Moves the timer only to an earlier time: a deadline that moved back is found out when the timer fires.
    private func armTimer(for deadline: LoopTime) {
        guard deadline < timerDeadline, isOpen else { return }
        timerDeadline = deadline
        loop.setTimer(self, at: deadline)
    }

    private func wakeReader(_ wake: Wake) {
        guard let waiter = reader else { return }
        reader = nil
        waiter.resume(returning: wake)
    }

    private func wakeWriters(_ wake: Wake) {
        guard !writers.isEmpty else { return }
        let waiting = writers
        writers.removeAll(keepingCapacity: true)
        for waiter in waiting { waiter.resume(returning: wake) }
    }
}
