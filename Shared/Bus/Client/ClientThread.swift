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
            for (index, watched) in loop.watched.enumerated() where poll.isReady(1 + index) { watched.announce() }
            loop.turn()
            loop.flush()
        }
        loop.close()
    }

    private func relist() {
        if listed != loop.listNumber {
            listed = loop.listNumber
            poll.removeSockets()
            for watched in loop.watched { poll.add(watched.descriptor) }
        }
        for (index, watched) in loop.watched.enumerated() {
            poll.awaitRoom(1 + index, watched.link.isBlocked)
        }
    }
}
