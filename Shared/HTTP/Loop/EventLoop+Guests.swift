import CSystem

/// Libraries with descriptors of their own that live on a loop's thread. Everything here is for that thread.
extension EventLoop {
    /// Someone who works on the loop's thread before every wait.
    struct Guest {
        let action: () -> Int?
        let last: () -> Bool
    }

    private final class Watcher: EventHandler {
        private unowned let loop: EventLoop
        private let descriptor: Int32
        private let action: () -> Void

        init(_ descriptor: Int32, on loop: EventLoop, _ action: @escaping () -> Void) {
            self.loop = loop
            self.descriptor = descriptor
            self.action = action
        }

        func ready(_ events: UInt32) {
            if events & EPOLLOUT.rawValue != 0 { loop.modify(descriptor, for: EPOLLIN.rawValue) }
            action()
        }
    }

    /// Calls `action` whenever the descriptor is readable, until `unwatch`.
    public func watch(_ descriptor: Int32, _ action: @escaping () -> Void) {
        do throws(SocketError) {
            try register(descriptor, for: EPOLLIN.rawValue, Watcher(descriptor, on: self, action))
        } catch {
            // Only a full kernel table or a descriptor that is none refuses: the guest could never work.
            fatalError("an event loop cannot watch a descriptor: \(error)")
        }
    }

    /// Call before closing the descriptor.
    public func unwatch(_ descriptor: Int32) { deregister(descriptor) }

    /// Calls the action of a watched descriptor once also when it is writable.
    public func awaitRoom(_ descriptor: Int32) { modify(descriptor, for: EPOLLIN.rawValue | EPOLLOUT.rawValue) }

    /// Calls `action` before every wait, until it returns `nil`. It returns how many milliseconds that wait may take at
    /// most; `Int.max` is no limit. `last` is called after the tasks that `action` resumed; with `false`, the loop does
    /// not wait.
    public func beforeWaiting(_ action: @escaping () -> Int?, last: @escaping () -> Bool) {
        guests.append(Guest(action: action, last: last))
    }

    /// Returns the milliseconds the guests can wait; -1 is without end.
    func runGuests() -> Int32 {
        guard !guests.isEmpty else { return -1 }
        var shortest = Int.max
        var ended: [Int] = []
        for (index, guest) in guests.enumerated() {
            if let patience = guest.action() { shortest = min(shortest, patience) } else { ended.append(index) }
        }
        for index in ended.reversed() { guests.remove(at: index) }
        return shortest == .max ? -1 : Int32(clamping: shortest)
    }

    /// Returns `patience`, or 0 if a guest cannot wait.
    func finishGuests(_ patience: Int32) -> Int32 {
        var patience = patience
        for guest in guests where !guest.last() { patience = 0 }
        return patience
    }
}
