import Glibc
import ServiceKit

/// Starts processes. `posix_spawn` neither copies this process nor runs code between.
enum ChildProcess {
    /// `POSIX_SPAWN_SETSID`, which glibc declares for _GNU_SOURCE only.
    private static let newSession: Int32 = 0x80

    struct Output {
        let pid: pid_t
        /// Readable: what the child writes to its standard output and error.
        let descriptor: Int32
    }

    /// The child has no terminal, its own process group, and every signal at its default.
    ///
    /// - Throws: `FileBytes.Failure` with the executable's path.
    static func spawn(_ path: String, arguments: [String], environment: [String: String]) throws -> Output {
        var ends: [Int32] = [0, 0]
        // Nobody else starts processes here, so that no other child can inherit the ends before they are marked.
        guard pipe(&ends) == 0 else { throw FileBytes.Failure(path: path, code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        do {
            let pid = try spawn(path, arguments: arguments, environment: environment, output: ends[1])
            _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
            return Output(pid: pid, descriptor: ends[0])
        } catch {
            close(ends[0])
            throw error
        }
    }

    /// - Parameters:
    ///   - output: becomes the child's standard output and error.
    ///   - isSession: the child leads a session of its own, and outlives this terminal.
    static func spawn(
        _ path: String, arguments: [String], environment: [String: String], output: Int32, isSession: Bool = false
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        configure(&attributes, isSession: isSession)
        return try withCStrings(["\(path)"] + arguments) { argv in
            try withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                var pid: pid_t = 0
                let result = posix_spawn(&pid, path, &actions, &attributes, argv, environment)
                guard result == 0 else { throw FileBytes.Failure(path: path, code: result) }
                return pid
            }
        }
    }

    private static func configure(_ attributes: inout posix_spawnattr_t, isSession: Bool) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let group = isSession ? Self.newSession : POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) throws -> Result
    ) rethrows -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return try pointers.withUnsafeMutableBufferPointer { buffer in
            guard let first = buffer.baseAddress else { preconditionFailure("never empty: it ends with nil") }
            return try body(first)
        }
    }
}
