import Glibc
import ServiceKit

/// One executable of the stack, running or about to run again.
final class Child {
    let name: String
    let path: String
    private(set) var pid: pid_t?
    /// Where its output arrives; open a little longer than it lives.
    private(set) var output: Int32?
    private(set) var restarts = 0
    private(set) var startedAt: Timestamp?
    /// When it is started next.
    private(set) var nextStart: ContinuousClock.Instant?
    private var delay = RestartDelay()
    private var lastStart = ContinuousClock.now
    private var splitter = LineSplitter()

    init(name: String, path: String) {
        self.name = name
        self.path = path
        nextStart = .now
    }

    var state: SupervisorState.Process {
        SupervisorState.Process(
            name: name, pid: pid.map { Int($0) }, restarts: restarts, startedAt: pid == nil ? nil : startedAt)
    }

    func start(environment: [String: String]) throws {
        nextStart = nil
        lastStart = .now
        do {
            let started = try ChildProcess.spawn(path, arguments: [], environment: environment)
            closeOutput()
            pid = started.pid
            output = started.descriptor
            startedAt = .now()
        } catch {
            nextStart = .now + delay.after(life: .zero)
            throw error
        }
    }

    /// - Returns: how long it waits before it is started again.
    func ended() -> Duration {
        pid = nil
        restarts += 1
        let wait = delay.after(life: .now - lastStart)
        nextStart = .now + wait
        return wait
    }

    /// It ended because it was told to.
    func stopped() {
        pid = nil
        nextStart = nil
    }

    func neverStartAgain() { nextStart = nil }

    /// The lines that are complete now. Closes the output at its end.
    func readLines() -> [[UInt8]] {
        guard let output else { return [] }
        var lines: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(output, &buffer, buffer.count)
            if count > 0 {
                lines += splitter.lines(adding: buffer[..<count])
                continue
            }
            if count == 0 || errno != EAGAIN && errno != EINTR {
                closeOutput()
                if let rest = splitter.finish() { lines.append(rest) }
            }
            return lines
        }
    }

    private func closeOutput() {
        if let output { close(output) }
        output = nil
    }
}
