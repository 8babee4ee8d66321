import CZeroMQ

#if canImport(Glibc)
    import Glibc
#endif

/// The sockets a thread waits for, beside its mailbox.
///
/// Their descriptors are polled directly: `zmq_poll` asks every socket before and after it waits, which costs a system
/// call each. A descriptor says "look at the socket" once; whoever looks must take all there is, and must look again
/// after it sent something, because sending notices arrivals too. A socket must be looked at once before it is waited for.
struct PollSet {
    private var items: [pollfd]

    /// - Parameter wakeUp: the mailbox's descriptor, item 0.
    init(wakeUp: Int32) { items = [pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)] }

    /// Returns the item's number.
    @discardableResult
    mutating func add(_ socket: Socket) -> Int { add(socket.descriptor) }

    @discardableResult
    mutating func add(_ descriptor: Int32) -> Int {
        items.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        return items.count - 1
    }

    /// Whether the item is also ready when its descriptor is writable.
    mutating func awaitRoom(_ item: Int, _ isAwaited: Bool) {
        items[item].events = Int16(isAwaited ? POLLIN | POLLOUT : POLLIN)
    }

    var count: Int { items.count }

    mutating func removeSockets() { items.removeSubrange(1...) }

    /// - Parameter milliseconds: -1 waits without end.
    mutating func wait(milliseconds: Int) {
        // An error (EINTR) leaves stale answers; reading an empty socket costs little.
        _ = poll(&items, nfds_t(items.count), Int32(clamping: milliseconds))
    }

    func isReadable(_ item: Int) -> Bool { items[item].revents & Int16(POLLIN) != 0 }
    /// Readable, writable where that was awaited, or at its end.
    func isReady(_ item: Int) -> Bool { items[item].revents != 0 }
}
