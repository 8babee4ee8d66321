import CSystem
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// One value from a thread just started to the one that waits for it.
final class ThreadAnswer<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let given: Int32

    init() {
        given = eventfd(0, Int32(EFD_CLOEXEC))
        precondition(given >= 0, "no eventfd")
    }

    deinit { close(given) }

    func give(_ value: Value) {
        self.value.withLock { $0 = value }
        eventfd_write(given, 1)
    }

    /// Blocks the thread for the moment the other one needs.
    func wait() -> Value {
        while true {
            if let value = value.withLock({ $0 }) { return value }
            var count: eventfd_t = 0
            eventfd_read(given, &count)
        }
    }
}
