import Bus
import Glibc
import ServiceKit

/// One stack: its data directory, and everything named after it.
struct Stack {
    /// Absolute, so that children and later commands find the same one.
    let dataDirectory: String
    let runDirectory: String
    let configuration: Config

    /// The longest name of a socket in the run directory, with its slash.
    private static let longestSocketName = "/thumbnails.events.sock".utf8.count

    init(_ options: Invocation.Options) throws {
        var environment = ProcessEnvironment.current
        let data = options.dataDirectory ?? environment["APUS_DATA"] ?? ".apus"
        dataDirectory = data.hasPrefix("/") ? data : "\(Stack.workingDirectory())/\(data)"
        environment["APUS_DATA"] = dataDirectory
        configuration = try Config(environment: environment)
        runDirectory = Stack.runDirectory(for: configuration, data: dataDirectory)
    }

    var logDirectory: String { "\(dataDirectory)/logs" }
    var statePath: String { "\(dataDirectory)/supervisor.json" }
    var lockPath: String { "\(dataDirectory)/supervisor.lock" }

    func port(_ options: Invocation.Options = Invocation.Options()) throws -> Int {
        if let port = options.port { return Int(port) }
        if let port = try SupervisorState.read(statePath)?.port, isRunning { return port }
        return try configuration.number("APUS_PORT", default: 4566)
    }

    /// What the gateway's listener speaks.
    var isSecure: Bool { configuration["APUS_TLS_CERTIFICATE"] != nil }
    var scheme: String { isSecure ? "https" : "http" }

    func endpoint(_ options: Invocation.Options = Invocation.Options()) throws -> String {
        "\(scheme)://127.0.0.1:\(try port(options))"
    }

    /// Whether a supervisor holds the lock.
    var isRunning: Bool { !StackLock.isFree(lockPath) }

    private static func workingDirectory() -> String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// Below the data directory, unless its path is too long for a Unix socket's.
    private static func runDirectory(for configuration: Config, data: String) -> String {
        let preferred = configuration["APUS_RUN"] ?? "\(data)/run"
        if preferred.utf8.count + longestSocketName <= 107 { return preferred }
        let digest = Hex.string(SHA256.hash(Array(data.utf8)).prefix(8))
        return "\(configuration["XDG_RUNTIME_DIR"] ?? "/tmp")/apus-\(geteuid())-\(digest)"
    }
}

/// Held by the supervisor as long as it lives.
struct StackLock {
    private let descriptor: Int32

    /// `nil` if another supervisor holds it.
    static func take(_ path: String) throws -> StackLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileBytes.Failure(path: path, code: errno) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return StackLock(descriptor: descriptor) }
        close(descriptor)
        return nil
    }

    static func isFree(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) == 0
    }
}

enum ProcessEnvironment {
    static var current: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let variable = entry.pointee {
            let parts = String(cString: variable).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}
