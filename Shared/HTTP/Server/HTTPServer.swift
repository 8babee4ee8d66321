import Glibc
import HTTPTypes
import Synchronization
import Time

/// An HTTP server on the loops of its configuration; the handler runs on the thread of the request's socket.
public final class HTTPServer: Sendable {
    private struct State {
        var points: [ListenerPoint] = []
        var port = 0
        var paths: [String] = []
    }

    /// How long handlers may take to notice that they were cancelled.
    private static let cancellationGrace = Duration.seconds(1)

    let core: ServerCore
    private let state = Mutex(State())

    /// - Parameter handler: answers every request; it must not block its thread.
    public init(
        configuration: Configuration = Configuration(),
        handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) {
        core = ServerCore(configuration, handler: handler)
    }

    /// The port of the first TCP listener, once started.
    public var port: Int { state.withLock(\.port) }

    /// Opens the configured listeners.
    ///
    /// - Throws: `SocketError` where an address cannot be used.
    public func start() async throws {
        for listener in core.configuration.listeners {
            switch listener.address {
            case .tcp(let host, let port): try await listen(listener, host, port)
            case .unix(let path):
                let socket = try ListeningSocket.unix(path: path)
                state.withLock { $0.paths.append(path) }
                try await share(socket, tag: listener.tag)
            }
        }
    }

    /// One socket a loop, all on one port: the kernel spreads connections and no lock is shared.
    private func listen(_ listener: Listener, _ host: String, _ port: Int) async throws {
        var port = port
        let loops = core.configuration.loops.loops
        for loop in loops {
            guard let address = SocketAddress(numeric: host, port: port) else { throw SocketError("address", EINVAL) }
            let socket = try ListeningSocket.tcp(address, sharesPort: loops.count > 1)
            port = try SocketAddress(boundTo: socket).port
            try await add(socket, on: loop, tag: listener.tag, tls: listener.tls)
        }
        state.withLock { [port] state in
            if state.port == 0 { state.port = port }
        }
    }

    /// One socket that every loop accepts from: Unix sockets cannot share a path as TCP sockets share a port.
    private func share(_ socket: Int32, tag: ListenerTag?) async throws {
        for (index, loop) in core.configuration.loops.loops.enumerated() {
            let descriptor = index == 0 ? socket : fcntl(socket, F_DUPFD_CLOEXEC, 0)
            guard descriptor >= 0 else { throw SocketError("dup", errno) }
            try await add(descriptor, on: loop, tag: tag, tls: nil)
        }
    }

    /// Accepts connections from a socket that listens already, such as one received over SCM_RIGHTS; takes it over.
    public func adopt(
        listeningDescriptor descriptor: Int32, tag: ListenerTag? = nil, tls: TLSContext? = nil
    ) async throws {
        SocketOption.setNonBlocking(descriptor)
        try await add(descriptor, on: core.configuration.loops.inTurn(), tag: tag, tls: tls)
    }

    private func add(_ descriptor: Int32, on loop: EventLoop, tag: ListenerTag?, tls: TLSContext?) async throws {
        let point = ListenerPoint(descriptor, on: loop, tag: tag, tls: tls, core: core)
        try await point.start()
        state.withLock { $0.points.append(point) }
    }

    /// Closes the listeners under a tag, and the connections that came in on them.
    public func removeListeners(tagged tag: ListenerTag, closingConnections: Bool = true) async {
        let removed = state.withLock { state in
            let removed = state.points.filter { $0.tag == tag }
            state.points.removeAll { $0.tag == tag }
            return removed
        }
        for point in removed { await point.stop() }
        if closingConnections { core.abort { $0.listener.tag == tag } }
    }

    /// Stops accepting, lets requests that run finish within the time given, then cuts what is left.
    public func shutDown(within grace: Duration) async {
        let (points, paths) = state.withLock { state in
            defer { state.points = [] }
            return (state.points, state.paths)
        }
        for point in points { await point.stop() }
        for path in paths { unlink(path) }
        core.drain()
        let cutter = Task { [core] in
            try await Task.sleep(for: grace)
            core.abort()
            // A handler that ignores its cancellation is not waited for.
            try await Task.sleep(for: Self.cancellationGrace)
            core.stopWaiting()
        }
        await core.waitUntilEmpty()
        cutter.cancel()
    }
}
