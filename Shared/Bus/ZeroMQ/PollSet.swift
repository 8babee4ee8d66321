import CZeroMQ

/// The sockets a thread waits for, beside its mailbox.
struct PollSet {
    private var items: [zmq_pollitem_t]

    /// - Parameter wakeUp: the mailbox's descriptor, item 0.
    init(wakeUp: Int32) { items = [zmq_pollitem_t(socket: nil, fd: wakeUp, events: Int16(ZMQ_POLLIN), revents: 0)] }

    /// Returns the item's number.
    @discardableResult
    mutating func add(_ socket: Socket) -> Int {
        items.append(zmq_pollitem_t(socket: socket.raw, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
        return items.count - 1
    }

    mutating func removeSockets() { items.removeSubrange(1...) }

    /// - Parameter milliseconds: -1 waits without end.
    mutating func wait(milliseconds: Int) {
        // An error (EINTR) leaves stale answers; reading an empty socket costs little.
        _ = zmq_poll(&items, Int32(items.count), milliseconds)
    }

    func isReadable(_ item: Int) -> Bool { items[item].revents & Int16(ZMQ_POLLIN) != 0 }
}
