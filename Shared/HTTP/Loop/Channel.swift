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
    /// Why a wait ended.
    enum Wake { case ready, timedOut, closed, cancelled }
    typealias Waiter = UnsafeContinuation<Wake, Never>

    let loop: EventLoop
    let descriptor: Int32
    var tls: TLSSession?
    var outbox = Outbox()

    var isReadable = false
    var isWritable: Bool
    private(set) var isOpen = true
    /// The peer sent its end, or the connection broke.
    private(set) var peerHasClosed = false
    /// Called once when `peerHasClosed` becomes true.
    var onPeerClosed: (() -> Void)?

    var reader: Waiter?
    var writers: [Waiter] = []
    var readDeadline = LoopTime.never
    var writeDeadline = LoopTime.never
    private var timerDeadline = LoopTime.never
    var readsThisTurn = 0
    /// Waits for bytes so far.
    var readNumber = 0
    var awaitsFlush = false
    var timerIndex = -1

    /// Takes over a non-blocking socket that is connected, or on the way.
    init(_ descriptor: Int32, on loop: EventLoop, isConnecting: Bool = false) throws(SocketError) {
        isWritable = !isConnecting
        self.loop = loop
        self.descriptor = descriptor
        let events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        try loop.register(descriptor, for: events, self)
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

    func waitWritable(until deadline: LoopTime, _ name: String) async throws(ConnectionError) {
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
    func armTimer(for deadline: LoopTime) {
        guard deadline < timerDeadline, isOpen else { return }
        timerDeadline = deadline
        loop.setTimer(self, at: deadline)
    }

    func wakeReader(_ wake: Wake) {
        guard let waiter = reader else { return }
        reader = nil
        waiter.resume(returning: wake)
    }

    func wakeWriters(_ wake: Wake) {
        guard !writers.isEmpty else { return }
        let waiting = writers
        writers.removeAll(keepingCapacity: true)
        for waiter in waiting { waiter.resume(returning: wake) }
    }
}
