import Bytes
import Glibc
import HTTPTypes
import Synchronization

/// One connection to an origin: an actor on its event loop, with one exchange at a time.
actor ClientConnection {
    private static let maximumInterimResponses = 16

    nonisolated let loop: EventLoop
    nonisolated let origin: Origin
    nonisolated let channel: Channel
    private nonisolated let pool: ClientPool
    nonisolated let writeStall: Int64
    private var parser: HTTP1ResponseParser

    /// Exchanges so far: a response body that outlives its exchange is known by its number.
    private var ordinal = 0
    private var keepsAlive = false
    private var timeoutMilliseconds: Int64 = 0
    var sender: Task<Void, Never>?
    var hasSentAll = true
    /// Why the request's own body could not be read.
    var sourceFailure: (any Error)?
    private var isOver = false
    private lazy var idleTimer = LoopTimer { [weak self] in self?.assumeIsolated { $0.end() } }

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ channel: Channel, origin: Origin, pool: ClientPool) {
        self.channel = channel
        self.origin = origin
        self.pool = pool
        loop = channel.loop
        writeStall = pool.waits.writeStall
        parser = HTTP1ResponseParser(limits: pool.configuration.limits)
    }

    // MARK: Opening

    /// Connects to the first address that answers.
    func connect(_ tls: TLSSessionMaker?, until deadline: LoopTime) async throws {
        do {
            try await channel.waitConnected(until: deadline)
            guard let tls else { return }
            try await channel.startTLS(try tls(channel.descriptor), until: deadline)
        } catch {
            // Its place in the pool is the opener's to give up.
            isOver = true
            channel.close()
            throw error
        }
    }

    typealias TLSSessionMaker = @Sendable (Int32) throws(TLSError) -> TLSSession

    // MARK: One exchange

    /// Sends a request and reads the head that answers it.
    func exchange(_ request: ClientRequest) async throws -> (ResponseHead, ByteStream) {
        do {
            try begin(request)
            let (head, length) = try await readHead(until: request.deadline)
            if length == 0 {
                try takeEnd()
                return (head, .empty)
            }
            let body = ResponseBody(self, ordinal)
            return (head, ByteStream(length: length) { try await body.next() })
        } catch {
            let failure = sourceFailure ?? error
            end()
            throw failure
        }
    }

    private func begin(_ request: ClientRequest) throws {
        guard !isOver, channel.isOpen, channel.hasNothingToRead() else { throw StaleConnection() }
        loop.cancelTimer(idleTimer)
        channel.onPeerClosed = nil
        ordinal += 1
        keepsAlive = false
        timeoutMilliseconds = request.timeoutMilliseconds
        parser.expect(responseTo: request.head.method)
        try channel.queue { try HTTP1Writer.write(request.head, request.framing, to: &$0) }
        send(request)
    }

    // MARK: Reading

    private func readHead(until deadline: LoopTime) async throws -> (ResponseHead, length: Int?) {
        var interims = 0
        var hasReadAny = false
        while true {
            switch try parser.next() {
            case .head(let head, let length, let keepsAlive):
                self.keepsAlive = keepsAlive
                return (head, length)
            case .interim:
                interims += 1
                guard interims <= Self.maximumInterimResponses else {
                    throw HTTP1Fault.malformed("too many interim responses")
                }
            case .body, .end: throw HTTP1Fault.malformed("body without head")
            case nil:
                guard try await fillHead(until: deadline, isFirst: !hasReadAny) else {
                    throw hasReadAny ? ConnectionError.closed : StaleConnection()
                }
                hasReadAny = true
            }
        }
    }

    private func fillHead(until deadline: LoopTime, isFirst: Bool) async throws -> Bool {
        do throws(ConnectionError) {
            return try await fill(until: deadline)
        } catch {
            // A reset before the first byte: the server had closed the connection when the request came.
            guard isFirst, case .socket(let failure) = error, [ECONNRESET, EPIPE].contains(failure.code) else {
                throw error
            }
            throw StaleConnection()
        }
    }

    private func fill(until deadline: LoopTime) async throws(ConnectionError) -> Bool {
        try await channel.fill(until: deadline, "response", cancellable: true) { parser.append($0) }
    }

    fileprivate func nextChunk(ofExchange number: Int) async throws -> [UInt8]? {
        guard number == ordinal, !isOver else { throw ConnectionError.over }
        do {
            while true {
                switch try parser.next() {
                case .body(let bytes): return bytes
                case .end:
                    finish()
                    return nil
                case .head, .interim, nil: break
                }
                guard try await fill(until: loop.now.advanced(byMilliseconds: timeoutMilliseconds)) else {
                    guard parser.connectionEnded() != nil else { throw sourceFailure ?? ByteStreamError.truncated }
                    finish()
                    return nil
                }
            }
        } catch {
            end()
            throw error
        }
    }

    private func takeEnd() throws {
        _ = try parser.next()
        finish()
    }

    // MARK: Afterwards

    /// Back to the pool where both sides are done with each other.
    private func finish() {
        let isClean = hasSentAll && channel.pendingCount == 0 && !parser.hasUnread
        guard keepsAlive, isClean, channel.isOpen, !channel.peerHasClosed else { return end() }
        ordinal += 1
        sender = nil
        channel.onPeerClosed = { [weak self] in self?.assumeIsolated { $0.end() } }
        loop.setTimer(idleTimer, at: loop.now.advanced(byMilliseconds: pool.waits.idle))
        pool.giveBack(self)
    }

    /// Closes and leaves the pool.
    private func end() {
        guard !isOver else { return }
        isOver = true
        sender?.cancel()
        sender = nil
        loop.cancelTimer(idleTimer)
        channel.close()
        pool.remove(self)
    }

    nonisolated func close() {
        loop.execute { self.assumeIsolated { $0.end() } }
    }

    /// A response body nobody will read any more.
    fileprivate nonisolated func abandon(_ number: Int) {
        loop.execute {
            self.assumeIsolated { if $0.ordinal == number { $0.end() } }
        }
    }

    // MARK: WebSocket

    func upgrade(_ request: ClientRequest, key: String, maximumBytes: Int) async throws -> WebSocket {
        do {
            try begin(request)
            let (head, _) = try await readHead(until: request.deadline)
            guard WebSocketHandshake.isAccepted(head, key: key) else { throw WebSocketRefusal(head: head) }
            isOver = true
            pool.remove(self)
            return WebSocket(channel, role: .client, received: parser.takeRest(), maximumBytes: maximumBytes)
        } catch {
            end()
            throw error is StaleConnection ? ConnectionError.closed : error
        }
    }
}

/// A response's body as its reader holds it: letting go of it unread ends the connection.
private final class ResponseBody: Sendable {
    private let connection: ClientConnection
    private let ordinal: Int

    init(_ connection: ClientConnection, _ ordinal: Int) {
        self.connection = connection
        self.ordinal = ordinal
    }

    deinit { connection.abandon(ordinal) }

    func next() async throws -> [UInt8]? { try await connection.nextChunk(ofExchange: ordinal) }
}
