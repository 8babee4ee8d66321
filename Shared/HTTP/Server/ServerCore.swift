import HTTPTypes
import Synchronization
import Time

/// What every connection of a server shares: the handler, the settings, and the list of connections.
final class ServerCore: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: ServerConnection] = [:]
        var isDraining = false
        var whenEmpty: [UnsafeContinuation<Void, Never>] = []
        var whenBelowLimit: [@Sendable () -> Void] = []
    }

    let configuration: HTTPServer.Configuration
    let waits: Milliseconds
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse
    private let state = Mutex(State())

    /// The time-outs as the loop counts.
    struct Milliseconds: Sendable {
        let head, idle, bodyStall, writeStall, handshake: Int64

        init(_ timeOuts: HTTPServer.TimeOuts) {
            head = timeOuts.head.milliseconds
            idle = timeOuts.idle.milliseconds
            bodyStall = timeOuts.bodyStall.milliseconds
            writeStall = timeOuts.writeStall.milliseconds
            handshake = timeOuts.handshake.milliseconds
        }
    }

    init(
        _ configuration: HTTPServer.Configuration, handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) {
        self.configuration = configuration
        self.handler = handler
        waits = Milliseconds(configuration.timeOuts)
    }

    var isDraining: Bool { state.withLock(\.isDraining) }

    /// Calls back when a connection may be accepted again; `false` where it may be right now.
    func waitBelowLimit(_ resume: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.connections.count >= configuration.maximumConnections else { return false }
            state.whenBelowLimit.append(resume)
            return true
        }
    }

    func add(_ connection: ServerConnection) {
        state.withLock { $0.connections[ObjectIdentifier(connection)] = connection }
    }

    func remove(_ connection: ServerConnection) {
        let (emptied, accepting) = state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = nil
            var emptied: [UnsafeContinuation<Void, Never>] = []
            if state.connections.isEmpty { swap(&emptied, &state.whenEmpty) }
            var accepting: [@Sendable () -> Void] = []
            if state.connections.count < configuration.maximumConnections { swap(&accepting, &state.whenBelowLimit) }
            return (emptied, accepting)
        }
        for waiter in emptied { waiter.resume() }
        for resume in accepting { resume() }
    }

    /// Lets every connection end after the request it serves; those between requests end now.
    func drain() {
        let connections = state.withLock { state in
            state.isDraining = true
            return Array(state.connections.values)
        }
        for connection in connections { connection.drain() }
    }

    func waitUntilEmpty() async {
        await withUnsafeContinuation { waiter in
            let isEmpty = state.withLock { state in
                if !state.connections.isEmpty { state.whenEmpty.append(waiter) }
                return state.connections.isEmpty
            }
            if isEmpty { waiter.resume() }
        }
    }

    /// Lets whoever waits for the last connection go on without it.
    func stopWaiting() {
        let waiting = state.withLock { state in
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for waiter in waiting { waiter.resume() }
    }

    /// Ends connections at once: all of them, or those of one listener.
    func abort(_ isChosen: (ServerConnection) -> Bool = { _ in true }) {
        let connections = state.withLock { Array($0.connections.values) }
        for connection in connections where isChosen(connection) { connection.abort() }
    }
}
