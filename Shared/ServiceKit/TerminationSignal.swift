import Glibc

/// SIGTERM and SIGINT as something that can be awaited.
enum TerminationSignal {
    /// Call on the main thread before any other starts, so that all inherit the mask.
    static func block() {
        var signals = TerminationSignal.set()
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        // A peer that closes its socket is an error of a write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
    }

    static func wait() async {
        await withCheckedContinuation { continuation in
            let box = Unmanaged.passRetained(ContinuationBox(continuation))
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { argument in
                    var signals = TerminationSignal.set()
                    var received: Int32 = 0
                    sigwait(&signals, &received)
                    guard let argument else { return nil }
                    Unmanaged<ContinuationBox>.fromOpaque(argument).takeRetainedValue().continuation.resume()
                    return nil
                }, box.toOpaque())
            pthread_detach(thread)
        }
    }

    private static func set() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        return signals
    }

    private final class ContinuationBox {
        let continuation: CheckedContinuation<Void, Never>
        init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }
    }
}
