import CSystem

/// Libraries with descriptors of their own that live on a loop's thread. Everything here is for that thread.
extension EventLoop {
    private final class Watcher: EventHandler {
        private let action: () -> Void

        init(_ action: @escaping () -> Void) { self.action = action }

        func ready(_ events: UInt32) { action() }
    }

    /// Calls `action` whenever the descriptor is readable, until `unwatch`.
    public func watch(_ descriptor: Int32, _ action: @escaping () -> Void) {
        do throws(SocketError) {
            try register(descriptor, for: EPOLLIN.rawValue, Watcher(action))
        } catch {
            // Only a full kernel table or a descriptor that is none refuses: the guest could never work.
            fatalError("an event loop cannot watch a descriptor: \(error)")
        }
    }

    /// Call before closing the descriptor.
    public func unwatch(_ descriptor: Int32) { deregister(descriptor) }

    /// Calls `action` before every wait, until it returns `nil`. It returns how many milliseconds that wait may take at
    /// most; `Int.max` is no limit.
    public func beforeWaiting(_ action: @escaping () -> Int?) { guests.append(action) }

    /// Returns the milliseconds the guests can wait; -1 is without end.
    func runGuests() -> Int32 {
        guard !guests.isEmpty else { return -1 }
        var shortest = Int.max
        var ended: [Int] = []
        for (index, guest) in guests.enumerated() {
            if let patience = guest() { shortest = min(shortest, patience) } else { ended.append(index) }
        }
        for index in ended.reversed() { guests.remove(at: index) }
        return shortest == .max ? -1 : Int32(clamping: shortest)
    }
}
