import Glibc
import ServiceKit

/// `apus up`
struct Up {
    /// How long a detached start may take until the gateway answers.
    private static let patience: Duration = .seconds(20)

    let stack: Stack
    let options: Invocation.Options

    func run() throws -> Int32 {
        try FileBytes.makeDirectory(stack.dataDirectory)
        try FileBytes.makeDirectory(stack.logDirectory)
        return options.isDetached ? try detach() : try supervise()
    }

    private func supervise() throws -> Int32 {
        let signals = SignalQueue()
        guard let lock = try StackLock.take(stack.lockPath) else { throw AlreadyRunning(stack: stack.dataDirectory) }
        let directory = stack.configuration["APUS_EXECUTABLES"] ?? Executables.ownDirectory()
        let names = Executables.find(in: directory)
        guard !names.isEmpty else { throw NoExecutables(directory: directory) }
        _ = try RootCredentials(in: stack.dataDirectory)
        let supervisor = Supervisor(
            Supervisor.Plan(
                directory: directory, names: names, environment: try childEnvironment(),
                logDirectory: stack.logDirectory, statePath: stack.statePath, port: try port,
                runDirectory: stack.runDirectory, echoes: !stack.configuration.flag("APUS_QUIET")),
            signals: signals)
        withExtendedLifetime(lock) { supervisor.run() }
        return 0
    }

    /// Of this start, not of one before it.
    private var port: Int {
        get throws { try options.port.map { Int($0) } ?? stack.configuration.number("APUS_PORT", default: 4566) }
    }

    private func childEnvironment() throws -> [String: String] {
        var environment = ProcessEnvironment.current
        environment["APUS_DATA"] = stack.dataDirectory
        environment["APUS_RUN"] = stack.runDirectory
        environment["APUS_PORT"] = String(try port)
        environment["APUS_SUPERVISOR_PID"] = String(getpid())
        if options.isOpen { environment["APUS_OPEN"] = "1" }
        return environment
    }

    // MARK: In the background

    private func detach() throws -> Int32 {
        if stack.isRunning { throw AlreadyRunning(stack: stack.dataDirectory) }
        let begin = ContinuousClock.now
        let pid = try spawnSupervisor()
        while ContinuousClock.now - begin < Self.patience {
            let port = try port
            if stack.isSecure ? HTTPProbe.accepts(port: port) : HTTPProbe.answers(port: port, path: "/_apus/health") {
                Terminal.say("Apus is up at \(stack.scheme)://127.0.0.1:\(port) (pid \(pid)). Credentials: apus env")
                return 0
            }
            var status: Int32 = 0
            if waitpid(pid, &status, WNOHANG) == pid {
                return fail("the supervisor ended: \(Supervisor.reason(status))")
            }
            usleep(5000)
        }
        return fail("the gateway does not answer; the stack runs on, see apus status")
    }

    private func fail(_ problem: String) -> Int32 {
        Terminal.complain("apus: \(problem)\nLogs: \(stack.logDirectory)")
        return 1
    }

    private func spawnSupervisor() throws -> pid_t {
        let log = "\(stack.logDirectory)/supervisor.out"
        let output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw FileBytes.Failure(path: log, code: errno) }
        defer { close(output) }
        var environment = ProcessEnvironment.current
        // Its lines are stored already; what it prints beyond them is worth keeping once.
        environment["APUS_QUIET"] = "1"
        var arguments = ["up", "--data", stack.dataDirectory, "--port", String(try port)]
        if options.isOpen { arguments.append("--open") }
        return try ChildProcess.spawn(
            Executables.ownPath(), arguments: arguments, environment: environment, output: output, isSession: true)
    }
}

struct AlreadyRunning: Error, CustomStringConvertible {
    let stack: String
    var description: String { "the stack in \(stack) is running already" }
}

struct NoExecutables: Error, CustomStringConvertible {
    let directory: String
    var description: String { "there are no services in \(directory)" }
}
