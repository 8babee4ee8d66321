/// The thread of a `ThreadLane`: waits for the loop's sockets and its mailbox.
final class ClientThread {
    private let loop: ClientLoop
    private var poll: PollSet
    private var listed = -1

    init(_ loop: ClientLoop) {
        self.loop = loop
        poll = PollSet(wakeUp: loop.mailbox.wakeUp)
    }

    func run() {
        while !loop.isClosed {
            relist()
            poll.wait(milliseconds: loop.mayHaveNews || !loop.mailbox.mayWait() ? 0 : loop.waitMilliseconds())
            loop.mailbox.wakened(wasSignalled: poll.isReadable(0))
            for (index, entry) in loop.replicas.enumerated() {
                if poll.isReadable(1 + 2 * index) { entry.replica.mayHaveMessages = true }
                if poll.isReadable(2 + 2 * index) { entry.replica.mayHaveEvents = true }
            }
            loop.turn()
        }
        loop.close()
    }

    private func relist() {
        guard listed != loop.listNumber else { return }
        listed = loop.listNumber
        poll.removeSockets()
        for (_, replica) in loop.replicas {
            poll.add(replica.connection.socket)
            poll.add(replica.connection.monitor.events)
        }
    }
}
