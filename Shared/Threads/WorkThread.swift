import CSystem

#if canImport(Glibc)
    import Glibc
#endif

/// A thread that runs one closure to its end.
///
/// Signals to the process are the main thread's: all are blocked here but those of faults, as the kernel ends a
/// process whose thread blocks the signal of its own fault, whoever wanted to handle it.
public struct WorkThread: Sendable {
    /// The system gives no more threads.
    public struct Failure: Error, CustomStringConvertible {
        /// An `errno`.
        public let code: Int32

        public var description: String { "thread: \(String(cString: strerror(code)))" }
    }

    private static let faults = [SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS]
    private let thread: pthread_t

    /// - Parameter name: as the system shows it: fifteen bytes of it.
    @discardableResult
    public init(named name: String, _ body: @escaping @Sendable () -> Void) throws(Failure) {
        var thread = pthread_t()
        let start = Unmanaged.passRetained(Start(name, body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                WorkThread.blockSignals()
                apus_name_thread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw Failure(code: code)
        }
        self.thread = thread
    }

    /// A thread that nobody waits for, without which nothing can go on.
    public static func detach(named name: String, _ body: @escaping @Sendable () -> Void) {
        do {
            try WorkThread(named: name, body).detach()
        } catch {
            preconditionFailure("\(name): \(error)")
        }
    }

    /// Nobody waits for it.
    public func detach() { pthread_detach(thread) }

    /// Waits for the end; called by the thread itself, leaves it to end alone.
    public func join() {
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    private static func blockSignals() {
        var signals = sigset_t()
        sigfillset(&signals)
        for fault in faults { sigdelset(&signals, fault) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
