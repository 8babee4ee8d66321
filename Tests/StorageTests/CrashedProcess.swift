import Glibc
import Testing

/// One run of `storage-crash`, which stands beside the test executable.
struct CrashedProcess {
    let lines: [String]
    /// Ended by a signal rather than by returning.
    let wasKilled: Bool

    /// The numbers whose write was answered.
    var answered: Set<Int> {
        Set(lines.filter { $0.hasPrefix("answered ") }.compactMap { Int($0.dropFirst("answered ".count)) })
    }

    /// Runs to the end, or kills it with SIGKILL as soon as `killAfter` lines were said.
    init(_ arguments: [String], environment: [String: String] = [:], killAfter limit: Int? = nil) throws {
        var pipe: [Int32] = [0, 0]
        try #require(Glibc.pipe(&pipe) == 0)
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let process = try Self.spawn(arguments, environment, output: pipe[1])
        close(pipe[1])
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(pipe[0], &chunk, chunk.count), count > 0 {
            text += chunk.prefix(count)
            if let limit, text.count(where: { $0 == UInt8(ascii: "\n") }) >= limit { kill(process, SIGKILL) }
        }
        close(pipe[0])
        var status: Int32 = 0
        waitpid(process, &status, 0)
        wasKilled = status & 0x7f == SIGKILL
        lines = String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], output: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        let path = try executable()
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var process = pid_t()
        try #require(posix_spawn(&process, path, &actions, nil, &words, &variables) == 0)
        return process
    }

    private static func executable() throws -> String {
        var path = [UInt8](repeating: 0, count: 4096)
        let count = path.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        let own = String(decoding: path.prefix(count), as: UTF8.self)
        let slash = try #require(own.lastIndex(of: "/"))
        return own[...slash] + "storage-crash"
    }
}
