import CSystem
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// How other threads speak to the one that owns the sockets.
final class Mailbox<Command: Sendable>: Sendable {
    private struct State {
        var commands: [Command] = []
        /// Whether the reader is about to wait, and nobody has woken it yet.
        var isAsleep = false
        var isClosed = false
    }

    /// Readable when there is something to take.
    let wakeUp: Int32
    private let state = Mutex(State())

    init() {
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(wakeUp >= 0, "no eventfd")
    }

    deinit { Glibc.close(wakeUp) }

    /// `false` if the reader is gone; then the command was not taken.
    @discardableResult
    func post(_ command: Command) -> Bool {
        let (wasTaken, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.commands.append(command)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if mustWake { eventfd_write(wakeUp, 1) }
        return wasTaken
    }

    /// Exchanges everything posted for the empty `commands`, so that two arrays serve for ever.
    func take(into commands: inout [Command]) {
        state.withLock { swap(&$0.commands, &commands) }
    }

    /// Whether the reader may wait on `wakeUp`. Followed by `wakened()`.
    func mayWait() -> Bool {
        state.withLock { state in
            state.isAsleep = state.commands.isEmpty
            return state.isAsleep
        }
    }

    /// - Parameter wasSignalled: whether `wakeUp` was readable.
    func wakened(wasSignalled: Bool) {
        state.withLock { $0.isAsleep = false }
        var count: eventfd_t = 0
        if wasSignalled { eventfd_read(wakeUp, &count) }
    }

    /// Takes what is left; nothing is accepted afterwards.
    func close() -> [Command] {
        state.withLock { state in
            state.isClosed = true
            defer { state.commands = [] }
            return state.commands
        }
    }
}
