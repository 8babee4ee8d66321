import Bytes
import HTTPTypes

/// One client's connection: an actor on its event loop, with one task that reads requests and writes responses in turn.
actor ServerConnection {
    nonisolated let loop: EventLoop
    nonisolated let core: ServerCore
    nonisolated let listener: ListenerPoint
    nonisolated let remoteAddress: String
    let channel: Channel

    /// Requests read so far: a body that outlives its request is known by its number.
    var ordinal = 0
    var parser: HTTP1RequestParser
    var trailers = HTTPFields()
    var bodyHasEnded = true
    var owesContinue = false
    /// Nothing of a next request has come.
    var isIdle = true
    /// Empty without TLS.
    private(set) var tlsVersion = ""
    var isDraining = false
    /// When the head being read must be whole.
    var headDeadline = LoopTime.never
    var http2: HTTP2Session?
    /// When the last HTTP/2 input came.
    var lastInput = LoopTime.never
    /// A task waits for the socket to take HTTP/2 output.
    var isAwaitingRoom = false
    private var task: Task<Void, Never>?
    /// A handler runs that may want to know that its client left.
    private var isWatching = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ channel: Channel, _ listener: ListenerPoint, remoteAddress: String, core: ServerCore) {
        self.channel = channel
        self.listener = listener
        self.remoteAddress = remoteAddress
        self.core = core
        loop = channel.loop
        parser = HTTP1RequestParser(limits: core.configuration.limits)
    }

    /// Starts serving. On the loop's thread.
    nonisolated func start() {
        core.add(self)
        assumeIsolated { connection in
            connection.isDraining = connection.core.isDraining
            connection.task = Task(executorPreference: connection.loop) {
                await connection.serve()
            }
        }
    }

    private func serve() async {
        do throws(ConnectionError) {
            if try await startTLS() == "h2" {
                await serveHTTP2([])
            } else {
                try await serveHTTP1()
            }
        } catch {
            // The client is gone, or was too slow to be told why.
        }
        channel.close()
        core.remove(self)
        task = nil
    }

    /// Shakes hands where the listener has certificates; returns the protocol the client chose.
    private func startTLS() async throws(ConnectionError) -> String? {
        guard let tls = listener.tls else { return nil }
        let session: TLSSession
        do throws(TLSError) {
            session = try tls.makeSession(on: channel.descriptor)
        } catch {
            throw .tls(error.description)
        }
        try await channel.startTLS(session, until: loop.now.advanced(byMilliseconds: core.waits.handshake))
        tlsVersion = session.version
        return session.applicationProtocol
    }

    // MARK: Ending, from any thread

    nonisolated func drain() {
        loop.execute {
            self.assumeIsolated { connection in
                connection.isDraining = true
                if let http2 = connection.http2 {
                    http2.drain()
                    connection.sendOutput()
                    if http2.streams.isEmpty { connection.channel.close() }
                } else if connection.isIdle {
                    connection.channel.close()
                }
            }
        }
    }

    nonisolated func abort() {
        loop.execute {
            self.assumeIsolated { connection in
                connection.task?.cancel()
                connection.http2?.cancelAll()
                connection.channel.close()
            }
        }
    }

    /// Lets the handler know while it runs that nobody waits for its answer.
    func watchForDeparture() {
        guard !channel.peerHasClosed else { return }
        isWatching = true
        guard channel.onPeerClosed == nil else { return }
        channel.onPeerClosed = { [weak self] in
            self?.assumeIsolated { if $0.isWatching { $0.task?.cancel() } }
        }
    }

    func stopWatching() { isWatching = false }
}
