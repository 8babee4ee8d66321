import Threads

/// Where a client's loop runs, and the way to it.
protocol ClientLane: Sendable {
    /// `false` if the client was closed.
    func open(_ call: OutgoingCall) -> Bool
    func cancel(_ call: CallTicket)
    func close()
}

/// A thread of its own, for tasks of any thread.
struct ThreadLane: ClientLane {
    private let mailbox = Mailbox<ClientCommand>()

    init(_ makeLoop: @escaping @Sendable (Mailbox<ClientCommand>) -> ClientLoop) {
        WorkThread.detach(named: "bus-client") { [mailbox] in ClientThread(makeLoop(mailbox)).run() }
    }

    func open(_ call: OutgoingCall) -> Bool { mailbox.post(.call(call)) }
    func cancel(_ call: CallTicket) { mailbox.post(.cancel(call.correlation)) }
    func close() { mailbox.post(.close) }
}

/// The thread of somebody's event loop, for the tasks of that loop.
///
/// `@unchecked Sendable`: `loop` is touched on the reactor's thread only, which `isCurrent` tells and `execute` reaches.
final class ReactorLane: ClientLane, @unchecked Sendable {
    private let reactor: any BusReactor
    private let mailbox = Mailbox<ClientCommand>()
    private let loop: ClientLoop

    init(_ reactor: any BusReactor, _ makeLoop: (Mailbox<ClientCommand>) -> ClientLoop) {
        self.reactor = reactor
        loop = makeLoop(mailbox)
        reactor.execute { [self] in
            loop.watch(with: reactor)
            reactor.watch(mailbox.wakeUp) { [mailbox] in mailbox.wakened(wasSignalled: true) }
            reactor.beforeWaiting({ self.turn() }, last: { self.endRound() })
        }
    }

    var isCurrent: Bool { reactor.isCurrent }

    func open(_ call: OutgoingCall) -> Bool {
        guard isCurrent else { return mailbox.post(.call(call)) }
        guard !loop.isClosed else { return false }
        loop.open(call)
        return true
    }

    func cancel(_ call: CallTicket) { mailbox.post(.cancel(call.correlation)) }
    func close() { mailbox.post(.close) }

    private func endRound() -> Bool {
        loop.flush()
        return !loop.mayHaveNews
    }

    private func turn() -> Int? {
        loop.turn()
        guard !loop.isClosed else {
            reactor.unwatch(mailbox.wakeUp)
            loop.close()
            return nil
        }
        return loop.mayHaveNews || !mailbox.mayWait() ? 0 : loop.waitMilliseconds()
    }
}
