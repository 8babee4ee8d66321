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

        /// One on the caller's own loop spares two hops; else the one used last, so that others can grow old.
        mutating func take(on current: EventLoop?, limit: Int) -> Turn? {
            if let index = idle.lastIndex(where: { $0.loop === current }) ?? idle.indices.last {
                return .connection(idle.remove(at: index))
            }
            guard open < limit else { return nil }
            open += 1
            return .place
        }

        /// Keeps a connection, unless somebody waits for it.
        mutating func giveBack(_ connection: ClientConnection) -> Waiter? {
            guard waiters.isEmpty else { return waiters.removeFirst() }
            idle.append(connection)
            return nil
        }
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
        let limit = configuration.maximumConnectionsPerOrigin
        return state.withLock { $0.buckets[origin, default: Bucket()].take(on: current, limit: limit) }
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
            let index = state.buckets[origin]?.waiters.firstIndex { $0.number == number }
            guard let index else { return nil }
            return state.buckets[origin]?.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: .failed(error))
    }

    // MARK: Giving back

    func giveBack(_ connection: ClientConnection) {
        let waiter = state.withLock { $0.buckets[connection.origin]?.giveBack(connection) ?? nil }
        waiter?.continuation.resume(returning: .connection(connection))
    }

    /// Forgets a connection that ended; whoever waits may open another.
    func remove(_ connection: ClientConnection) {
        state.withLock { state in
            state.buckets[connection.origin]?.idle.removeAll { $0 === connection }
        }
        releasePlace(connection.origin)
    }

    func releasePlace(_ origin: Origin) {
        let waiter = state.withLock { state -> Waiter? in
            guard var bucket = state.buckets[origin] else { return nil }
            defer { state.buckets[origin] = bucket.open == 0 && bucket.waiters.isEmpty ? nil : bucket }
            guard bucket.waiters.isEmpty else { return bucket.waiters.removeFirst() }
            bucket.open -= 1
            return nil
        }
        waiter?.continuation.resume(returning: .place)
    }

    /// A place outside the limit.
    func addPlace(_ origin: Origin) { state.withLock { $0.buckets[origin, default: Bucket()].open += 1 } }

    /// The client's TLS settings, made at first need: reading the machine's authorities takes a while.
    func tlsContext() throws(TLSError) -> TLSClientContext {
        try tls.withLock { context throws(TLSError) in
            if let context { return context }
            let made = try TLSClientContext(configuration.trust)
            context = made
            return made
        }
    }

    func closeIdle() {
        let idle = state.withLock { state in state.buckets.values.flatMap(\.idle) }
        for connection in idle { connection.close() }
    }
}
