import Glibc
import ServiceKit

/// Keeps every executable of the stack running, and stops them in order. Lives on one thread, which must be the one
/// that outlives its children: they die with it.
final class Supervisor {
    struct Plan {
        let directory: String
        let names: [String]
        let environment: [String: String]
        let logDirectory: String
        let statePath: String
        let port: Int
        let runDirectory: String
        /// Whether lines are also printed.
        let echoes: Bool
    }

    /// How long a stage may take to stop.
    private static let patience: Duration = .seconds(12)

    private let plan: Plan
    private let signals: SignalQueue
    private let children: [Child]
    private var journal: Journal
    private var stages: [[String]]?
    private var stageDeadline: ContinuousClock.Instant?

    init(_ plan: Plan, signals: SignalQueue) {
        self.plan = plan
        self.signals = signals
        children = plan.names.map { Child(name: $0, path: "\(plan.directory)/\(Executables.prefix)\($0)") }
        journal = Journal(directory: plan.logDirectory, echoes: plan.echoes)
    }

    /// Returns when every child has stopped after SIGTERM, SIGINT or SIGHUP.
    func run() {
        startDue()
        while !isOver {
            wait()
            while let signal = signals.next() { obey(signal) }
            for child in children { forward(child) }
            if stages == nil { startDue() } else { advanceStop() }
        }
        journal.note("info", "Stopped")
        unlink(plan.statePath)
    }

    private var isOver: Bool { stages?.isEmpty == true }

    // MARK: Waiting

    private func wait() {
        var items = [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
        items += children.compactMap(\.output).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = poll(&items, nfds_t(items.count), waitMilliseconds())
    }

    private func waitMilliseconds() -> Int32 {
        let times = children.compactMap(\.nextStart) + [stageDeadline].compactMap(\.self)
        guard let next = times.min() else { return -1 }
        return Int32(clamping: max(0, (next - .now).milliseconds + 1))
    }

    private func forward(_ child: Child) {
        for line in child.readLines() { journal.write(line, of: child.name) }
    }

    // MARK: Starting

    private func startDue() {
        let now = ContinuousClock.now
        let due = children.filter { child in child.nextStart.map { $0 <= now } ?? false }
        guard !due.isEmpty else { return }
        for child in due {
            do {
                try child.start(environment: plan.environment)
            } catch {
                journal.note("error", "A service cannot be started", [("name", child.name), ("error", "\(error)")])
            }
        }
        publish()
    }

    private func publish() {
        let state = SupervisorState(
            pid: Int(getpid()), port: plan.port, runDirectory: plan.runDirectory, processes: children.map(\.state))
        do {
            try state.write(plan.statePath)
        } catch {
            journal.note("error", "The state cannot be written", [("error", "\(error)")])
        }
    }

    // MARK: Signals

    private func obey(_ signal: Int32) {
        if signal == SIGCHLD { return reap() }
        if stages == nil {
            journal.note("info", "Stopping")
            for child in children { child.neverStartAgain() }
            stages = StopOrder.stages(of: plan.names)
            beginStage()
        } else if signal == SIGINT {
            journal.note("warning", "Stopping at once")
            for child in children { send(SIGKILL, to: child) }
        }
    }

    private func reap() {
        var status: Int32 = 0
        while case let pid = waitpid(-1, &status, WNOHANG), pid > 0 {
            guard let child = children.first(where: { $0.pid == pid }) else { continue }
            // Its last words come before the news of its end.
            forward(child)
            if stages == nil {
                let delay = child.ended()
                journal.note(
                    "warning", "A service ended and is started again",
                    [
                        ("name", child.name), ("reason", Self.reason(status)),
                        ("afterMilliseconds", "\(delay.milliseconds)"),
                    ])
            } else {
                child.stopped()
            }
            publish()
        }
    }

    /// `exit 1` or `signal 9`, from what `waitpid` says.
    static func reason(_ status: Int32) -> String {
        let signal = status & 0x7f
        return signal == 0 ? "exit \(status >> 8 & 0xff)" : "signal \(signal)"
    }

    // MARK: Stopping

    private func beginStage() {
        guard let stage = stages?.first else { return }
        for child in children where stage.contains(child.name) { send(SIGTERM, to: child) }
        stageDeadline = .now + Self.patience
    }

    private func advanceStop() {
        while let stage = stages?.first {
            let alive = children.filter { stage.contains($0.name) && $0.pid != nil }
            if !alive.isEmpty {
                guard let stageDeadline, stageDeadline <= .now else { return }
                for child in alive {
                    journal.note("error", "A service does not stop and is killed", [("name", child.name)])
                    send(SIGKILL, to: child)
                }
                self.stageDeadline = .now + Self.patience
                return
            }
            stages?.removeFirst()
            beginStage()
        }
    }

    private func send(_ signal: Int32, to child: Child) {
        if let pid = child.pid { kill(pid, signal) }
    }
}
