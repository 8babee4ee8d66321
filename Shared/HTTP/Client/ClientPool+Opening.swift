import CSystem
import Glibc

/// Opening connections: addresses, sockets, TLS.
extension ClientPool {
    /// A new connection outside the limit, for a WebSocket.
    func open(_ origin: Origin, until deadline: LoopTime) async throws -> ClientConnection {
        addPlace(origin)
        return try await connect(origin, until: deadline)
    }

    func connect(_ origin: Origin, until deadline: LoopTime) async throws -> ClientConnection {
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
        case .host(let host, let port):
            let addresses = try await Resolver.shared.addresses(of: host, port: port)
            let admitted = addresses.filter { configuration.admits($0.text) }
            guard !admitted.isEmpty else { throw RefusedAddress(addresses: addresses.map(\.text)) }
            return admitted
        case .unix(let path):
            guard let address = SocketAddress(path: path) else { throw SocketError("unix path", ENAMETOOLONG) }
            return [address]
        }
    }

    /// Tries addresses in turn; each but the last gets its share of the time.
    private func connectToAny(
        _ addresses: [SocketAddress], _ origin: Origin, until deadline: LoopTime
    ) async throws -> ClientConnection {
        var failure: (any Error)?
        for (index, address) in addresses.enumerated() {
            let now = LoopTime.now()
            let share = (deadline.milliseconds - now.milliseconds) / Int64(addresses.count - index)
            do {
                return try await connect(to: address, origin, until: now.advanced(byMilliseconds: max(0, share)))
            } catch {
                // That nobody listens at a second address says less than what went wrong with somebody at the first.
                if failure == nil || !Self.isSocketError(error) { failure = error }
                if Task.isCancelled { break }
            }
        }
        throw failure ?? ConnectionError.closed
    }

    private static func isSocketError(_ error: any Error) -> Bool {
        if case .socket = error as? ConnectionError { return true }
        return error is SocketError
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
        if address.family != AF_UNIX { SocketOption.tune(socket) }
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
        let context = try tlsContext()
        return { descriptor throws(TLSError) in try context.makeSession(on: descriptor, host: host) }
    }
}
