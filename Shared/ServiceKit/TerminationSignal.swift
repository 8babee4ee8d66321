import CSystem
import Glibc
import Threads

/// SIGTERM and SIGINT as something that can be awaited.
///
/// They are caught rather than blocked: once all is asynchronous, the main thread sleeps with every signal unblocked
/// (libdispatch's `dispatch_main`), and a signal without a handler would end the process there.
enum TerminationSignal {
    /// What the handler counts up and `wait` reads.
    private static let counter = eventfd(0, Int32(EFD_CLOEXEC))

    /// Call before anything that must not be cut off.
    static func intercept() {
        // Made now: a handler may not.
        _ = counter
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                var one: UInt64 = 1
                write(TerminationSignal.counter, &one, 8)
            }
        }
        // A peer that closes its socket is an error of a write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
    }

    static func wait() async {
        await withCheckedContinuation { continuation in
            WorkThread.detach(named: "termination") {
                var count: UInt64 = 0
                while read(counter, &count, 8) != 8 {}
                continuation.resume()
            }
        }
    }
}
