import Bytes
import CSandbox
import CSystem
import Glibc
import Synchronization

/// One sandbox: blank until it is started, then one function's until it ends.
///
/// It has its own mounts, processes, network, host name and limits. Ending its first process ends all of it.
public final class ExecutionEnvironment: Sendable {
    private enum State {
        case blank
        case running(waiters: [CheckedContinuation<EnvironmentExit, Never>])
        case ended(EnvironmentExit)
    }

    private struct Status {
        var state = State.blank
        /// What its init reported, before the end of the control socket made it final.
        var report: EnvironmentExit?
        var isKilled = false
    }

    /// Unique in this process.
    public let id: UInt64
    public let runtime: Runtime
    /// Listens on 127.0.0.1:9001 inside: the runtime API.
    public let runtimeListener: OwnedDescriptor
    /// Listens on 127.0.0.1:4566 inside: AWS.
    public let serviceListener: OwnedDescriptor

    private let process: OwnedDescriptor
    private let control: OwnedDescriptor
    private let output: Output
    private let group: ControlGroup
    private let user: UInt32?
    private let status = Mutex(Status())
    private let onEnd: @Sendable (ExecutionEnvironment) -> Void

    /// Everything a new environment is made of.
    struct Parts {
        let id: UInt64
        let runtime: Runtime
        let process, runtimeListener, serviceListener, control: OwnedDescriptor
        let output: Output
        let group: ControlGroup
        let user: UInt32?
    }

    init(_ parts: Parts, onEnd: @escaping @Sendable (ExecutionEnvironment) -> Void) throws(SandboxError) {
        (id, runtime, group, user) = (parts.id, parts.runtime, parts.group, parts.user)
        (runtimeListener, serviceListener) = (parts.runtimeListener, parts.serviceListener)
        (process, control, output) = (parts.process, parts.control, parts.output)
        self.onEnd = onEnd
        // The watch keeps the environment alive until its processes have ended.
        try DescriptorWatcher.shared.watch(control.number, for: EPOLLIN.rawValue) { watch, _ in
            self.readControl(watch)
        }
    }

    /// Makes it a function's. What the function writes goes to `receive`.
    public func start(
        _ order: StartOrder, receive: @escaping @Sendable ([OutputRecord]) -> Void
    ) throws(SandboxError) {
        group.limit(memoryMegabytes: order.memoryMegabytes)
        try output.begin(receive)
        status.withLock { status in
            if case .blank = status.state { status.state = .running(waiters: []) }
        }
        let limitsMemory = group.paths["memory"] == nil
        let message = order.message(runtime: runtime, user: user, limitsMemory: limitsMemory)
        try ControlMessage.send(message, to: control)
    }

    /// Ends every process in it at once.
    public func kill() {
        status.withLock { $0.isKilled = true }
        _ = apus_environment_kill(process.number)
        // Version 1 groups keep frozen processes from dying.
        group.freeze(false)
    }

    /// Stops its processors' time while nothing is asked of it, where the kernel offers that.
    public func freeze() { group.freeze(true) }
    public func thaw() { group.freeze(false) }

    /// Brings in what was written until now.
    public func drainOutput() { output.drain() }

    /// The most memory it has used, where control groups count it.
    public var peakMemoryMegabytes: Int? { group.peakMegabytes }

    public var hasEnded: Bool {
        status.withLock { status in
            if case .ended = status.state { true } else { false }
        }
    }

    /// Waits for its end, of whatever cause.
    public func exit() async -> EnvironmentExit {
        await withCheckedContinuation { continuation in
            let exit: EnvironmentExit? = status.withLock { status in
                switch status.state {
                case .ended(let exit): return exit
                case .blank: status.state = .running(waiters: [continuation])
                case .running(let waiters): status.state = .running(waiters: waiters + [continuation])
                }
                return nil
            }
            if let exit { continuation.resume(returning: exit) }
        }
    }

    /// Its group's folders, which can be removed only when the last process is collected.
    func removeGroup() -> Bool { group.remove() }

    private func readControl(_ watch: DescriptorWatcher.Watch) {
        switch try? ControlMessage.receive(from: control) {
        case .some(let message) where message.kind == .exited:
            if let code = Int32(message.text) { note(EnvironmentExit(status: code)) }
        case .some(let message) where message.kind == .failed: note(.failedToStart(message.text))
        case .some: return
        case .none:
            DescriptorWatcher.shared.end(watch)
            finish()
        }
    }

    /// The first report counts: a runtime that failed to start also exits.
    private func note(_ report: EnvironmentExit) {
        status.withLock { $0.report = $0.report ?? report }
    }

    private func finish() {
        output.end()
        let ranOutOfMemory = group.ranOutOfMemory
        let (exit, waiters) = status.withLock { status in
            let exit = Self.cause(status, ranOutOfMemory: ranOutOfMemory)
            var waiters: [CheckedContinuation<EnvironmentExit, Never>] = []
            if case .running(let waiting) = status.state { waiters = waiting }
            status.state = .ended(exit)
            return (exit, waiters)
        }
        onEnd(self)
        for waiter in waiters { waiter.resume(returning: exit) }
    }

    private static func cause(_ status: Status, ranOutOfMemory: Bool) -> EnvironmentExit {
        if case .signalled(SIGKILL) = status.report ?? .signalled(SIGKILL), ranOutOfMemory { return .outOfMemory }
        if status.isKilled { return .killed }
        return status.report ?? .signalled(SIGKILL)
    }
}
