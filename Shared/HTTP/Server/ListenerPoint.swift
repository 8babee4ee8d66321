import CSystem
import Glibc
import Synchronization

/// One listening socket on one loop: accepts connections and starts them there.
///
/// `@unchecked Sendable`: touched on its loop's thread only, but for the constants.
final class ListenerPoint: EventHandler, @unchecked Sendable {
    /// Accepted in a row before the loop's other work gets its turn.
    private static let acceptsPerTurn = 64
    private static let pauseMilliseconds: Int64 = 100

    let descriptor: Int32
    let tag: ListenerTag?
    let tls: TLSContext?
    private let loop: EventLoop
    private let core: ServerCore
    private var isOpen = true
    private var isPaused = false
    private lazy var pause = LoopTimer { [weak self] in self?.resume() }

    init(_ descriptor: Int32, on loop: EventLoop, tag: ListenerTag?, tls: TLSContext?, core: ServerCore) {
        self.descriptor = descriptor
        self.loop = loop
        self.tag = tag
        self.tls = tls
        self.core = core
    }

    /// Starts accepting, from any thread; returns when the socket is watched. A socket that cannot be is closed.
    func start() async throws(SocketError) {
        let failure: SocketError? = await withUnsafeContinuation { done in
            loop.execute {
                let failure = self.register()
                if failure != nil { self.close() }
                done.resume(returning: failure)
            }
        }
        if let failure { throw failure }
    }

    /// Stops accepting and closes the socket, from any thread.
    func stop() async {
        await withUnsafeContinuation { done in
            loop.execute {
                self.close()
                done.resume()
            }
        }
    }

    private func register() -> SocketError? {
        do throws(SocketError) {
            // Level-triggered: what one turn leaves is announced again. Loops sharing a socket are woken one at a time.
            try loop.register(descriptor, for: EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue, self)
            return nil
        } catch {
            return error
        }
    }

    private func close() {
        guard isOpen else { return }
        isOpen = false
        loop.deregister(descriptor)
        loop.cancelTimer(pause)
        Glibc.close(descriptor)
    }

    func ready(_ events: UInt32) {
        for _ in 0..<Self.acceptsPerTurn {
            guard isOpen, !isPaused, acceptOne() else { return }
        }
    }

    private func acceptOne() -> Bool {
        if core.waitBelowLimit({ [self] in loop.execute { self.resume() } }) {
            suspend()
            return false
        }
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = SocketAddress.withSockaddr(&address) { accept4(descriptor, $0, &length, flags) }
        guard socket >= 0 else { return recover(errno) }
        let peer = SocketAddress.withSockaddr(&address) { SocketAddress($0, length) }
        begin(socket, peer)
        return true
    }

    private func begin(_ socket: Int32, _ peer: SocketAddress) {
        if peer.family != AF_UNIX { SocketOption.tune(socket) }
        do throws(SocketError) {
            let channel = try Channel(socket, on: loop)
            ServerConnection(channel, self, remoteAddress: peer.text, core: core).start()
        } catch {
            Glibc.close(socket)
        }
    }

    /// Whether to go on accepting after a failure.
    private func recover(_ code: Int32) -> Bool {
        switch code {
        case ECONNABORTED, EINTR, EPROTO: return true
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            // Nothing to accept with: trying at once would spin.
            suspend()
            loop.setTimer(pause, at: loop.now.advanced(byMilliseconds: Self.pauseMilliseconds))
            return false
        default: return false
        }
    }

    private func suspend() {
        isPaused = true
        loop.deregister(descriptor)
    }

    private func resume() {
        guard isPaused, isOpen else { return }
        isPaused = false
        if register() != nil { close() }
    }
}
