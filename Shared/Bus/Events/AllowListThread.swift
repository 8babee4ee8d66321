import Threads

/// Answers who may connect, for a socket that has no thread of its own.
final class AllowListThread: Sendable {
    private let mailbox = Mailbox<Never?>()

    init(_ keys: some Sequence<BusKey>, in context: Context) {
        let keys = Set(keys)
        let ready = ThreadAnswer<Bool>()
        WorkThread.detach(named: "bus-allow-list") { [mailbox] in
            let list = AllowList(keys, in: context)
            ready.give(true)
            var poll = PollSet(wakeUp: mailbox.wakeUp)
            poll.add(list.socket)
            // A socket that was never looked at does not announce what comes first.
            list.answer()
            // Whatever arrives in the mailbox means: stop.
            while mailbox.mayWait() {
                poll.wait(milliseconds: -1)
                mailbox.wakened(wasSignalled: poll.isReadable(0))
                if poll.isReadable(1) { list.answer() }
            }
            list.socket.close()
            context.terminate()
        }
        _ = ready.wait()
    }

    /// The context ends with the thread; its other sockets must be closed by now.
    func stop() { mailbox.post(nil) }
}
