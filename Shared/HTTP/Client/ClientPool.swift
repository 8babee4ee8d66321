import CSystem
import Glibc
import Synchronization
import Time

/// Connections by origin: kept while unused, limited in number, opened when needed.
final class ClientPool: Sendable {
    /// What somebody who waited gets.
    private enum Turn {
        case connection(ClientConnection)
        /// The right to open one.
        case place
        case failed(ConnectionError)
    }

    private struct Waiter {
        let number: Int
        let continuation: UnsafeContinuation<Turn, Never>
    }

    private struct Bucket {
        var idle: [ClientConnection] = []
        var open = 0
        var waiters: [Waiter] = []
    }

    private struct State {
        var buckets: [Origin: Bucket] = [:]
        var nextNumber = 0
    }

    /// The time-outs as the loop counts.
    struct Milliseconds: Sendable {
        let idle, connect, writeStall: Int64
    }

    let configuration: HTTPClient.Configuration
    let waits: Milliseconds
    private let state = Mutex(State())
    private let tls = Mutex<TLSClientContext?>(nil)

    init(_ configuration: HTTPClient.Configuration) {
        self.configuration = configuration
        waits = Milliseconds(
            idle: configuration.idleTimeOut.milliseconds, connect: configuration.connectTimeOut.milliseconds,
            writeStall: configuration.writeStall.milliseconds)
    }

    // MARK: Taking

    /// A connection for one exchange, and whether it was used before.
    func take(_ origin: Origin, until deadline: LoopTime) async throws -> (ClientConnection, isReused: Bool) {
        switch takeNow(origin) {
        case .connection(let connection): return (connection, true)
        case .place: return (try await connect(origin, until: deadline), false)
        case .failed(let error): throw error
        case nil: break
        }
        switch await wait(origin, until: deadline) {
        case .connection(let connection): return (connection, true)
        case .place: return (try await connect(origin, until: deadline), false)
        case .failed(let error): throw error
        }
    }

    private func takeNow(_ origin: Origin) -> Turn? {
        let current = EventLoop.current
        return state.withLock { state in
            var bucket = state.buckets[origin] ?? Bucket()
            defer { state.buckets[origin] = bucket }
            // One on the caller's own loop spares two hops; else the one used last, so that others can grow old.
            if let index = bucket.idle.lastIndex(where: { $0.loop === current }) ?? bucket.idle.indices.last {
                return .connection(bucket.idle.remove(at: index))
            }
            guard bucket.open < configuration.maximumConnectionsPerOrigin else { return nil }
            bucket.open += 1
            return .place
        }
    }

    private func wait(_ origin: Origin, until deadline: LoopTime) async -> Turn {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let alarm = Task { [self] in
            try await Task.sleep(for: .milliseconds(max(0, deadline.milliseconds - LoopTime.now().milliseconds)))
            fail(number, origin, .timedOut("connection"))
        }
        defer { alarm.cancel() }
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                // What was given back since the first look is taken by the look under this lock.
                let turn = state.withLock { state -> Turn? in
                    if Task.isCancelled { return .failed(.cancelled) }
                    if let connection = state.buckets[origin]?.idle.popLast() { return .connection(connection) }
                    if let open = state.buckets[origin]?.open, open < configuration.maximumConnectionsPerOrigin {
                        state.buckets[origin]?.open += 1
                        return .place
                    }
                    state.buckets[origin]?.waiters.append(Waiter(number: number, continuation: continuation))
                    return nil
                }
                if let turn { continuation.resume(returning: turn) }
            }
        } onCancel: {
            fail(number, origin, .cancelled)
        }
    }

    private func fail(_ number: Int, _ origin: Origin, _ error: ConnectionError) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.buckets[origin]?.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.buckets[origin]?.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: .failed(error))
    }

    // MARK: Giving back

    func giveBack(_ connection: ClientConnection) {
        let waiter = state.withLock { state -> Waiter? in
            guard var bucket = state.buckets[connection.origin] else { return nil }
            defer { state.buckets[connection.origin] = bucket }
            guard bucket.waiters.isEmpty else { return bucket.waiters.removeFirst() }
            bucket.idle.append(connection)
            return nil
        }
        waiter?.continuation.resume(returning: .connection(connection))
    }

    /// Forgets a connection that ended; whoever waits may open another.
    func remove(_ connection: ClientConnection) {
        state.withLock { state in
            state.buckets[connection.origin]?.idle.removeAll { $0 === connection }
        }
        releasePlace(connection.origin)
    }

    private func releasePlace(_ origin: Origin) {
        let waiter = state.withLock { state -> Waiter? in
            guard var bucket = state.buckets[origin] else { return nil }
            defer { state.buckets[origin] = bucket.open == 0 && bucket.waiters.isEmpty ? nil : bucket }
            guard bucket.waiters.isEmpty else { return bucket.waiters.removeFirst() }
            bucket.open -= 1
            return nil
        }
        waiter?.continuation.resume(returning: .place)
    }

    func closeIdle() {
        let idle = state.withLock { state in state.buckets.values.flatMap(\.idle) }
        for connection in idle { connection.close() }
    }

    // MARK: Opening

    /// A new connection outside the limit, for a WebSocket.
    func open(_ origin: Origin, until deadline: LoopTime) async throws -> ClientConnection {
        state.withLock { $0.buckets[origin, default: Bucket()].open += 1 }
        return try await connect(origin, until: deadline)
    }

    private func connect(_ origin: Origin, until deadline: LoopTime) async throws -> ClientConnection {
        do {
            let deadline = min(deadline, LoopTime.now().advanced(byMilliseconds: waits.connect))
            return try await connectToAny(try await addresses(of: origin), origin, until: deadline)
        } catch {
            releasePlace(origin)
            throw error
        }
    }

    private func addresses(of origin: Origin) async throws -> [SocketAddress] {
        switch origin.location {
        case .host(let host, let port): return try await Resolver.shared.addresses(of: host, port: port)
        case .unix(let path):
            guard let address = SocketAddress(path: path) else { throw SocketError("unix path", ENAMETOOLONG) }
            return [address]
        }
    }

    /// Tries addresses in turn; each but the last gets its share of the time.
    private func connectToAny(
        _ addresses: [SocketAddress], _ origin: Origin, until deadline: LoopTime
    ) async throws -> ClientConnection {
        var failure: any Error = ConnectionError.closed
        for (index, address) in addresses.enumerated() {
            let now = LoopTime.now()
            let share = (deadline.milliseconds - now.milliseconds) / Int64(addresses.count - index)
            do {
                return try await connect(to: address, origin, until: now.advanced(byMilliseconds: max(0, share)))
            } catch {
                failure = error
                if Task.isCancelled { break }
            }
        }
        throw failure
    }

    private func connect(
        to address: SocketAddress, _ origin: Origin, until deadline: LoopTime
    ) async throws -> ClientConnection {
        let connection = try await start(address, origin, on: configuration.loops.next())
        try await connection.connect(try sessionMaker(origin), until: deadline)
        return connection
    }

    private func start(
        _ address: SocketAddress, _ origin: Origin, on loop: EventLoop
    ) async throws(SocketError) -> ClientConnection {
        let socket = try SocketOption.open(address.family)
        if address.family != AF_UNIX { SocketOption.setNoDelay(socket) }
        guard address.with({ Glibc.connect(socket, $0, $1) }) == 0 || errno == EINPROGRESS else {
            let code = errno
            Glibc.close(socket)
            throw SocketError("connect", code)
        }
        let result: Result<ClientConnection, SocketError> = await withUnsafeContinuation { done in
            loop.execute {
                done.resume(
                    returning: Result { () throws(SocketError) in
                        ClientConnection(try Channel(socket, on: loop, isConnecting: true), origin: origin, pool: self)
                    })
            }
        }
        if case .failure = result { Glibc.close(socket) }
        return try result.get()
    }

    private func sessionMaker(_ origin: Origin) throws -> ClientConnection.TLSSessionMaker? {
        guard origin.scheme == .https, case .host(let host, _) = origin.location else { return nil }
        let context = try tls.withLock { context in
            if let context { return context }
            let made = try TLSClientContext(configuration.trust)
            context = made
            return made
        }
        return { descriptor throws(TLSError) in try context.makeSession(on: descriptor, host: host) }
    }
}
