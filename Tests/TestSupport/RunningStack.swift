import Bus
import Glibc
import ServiceKit

/// The real executables under `apus up`, with data and ports of their own.
///
///     try await RunningStack.with { stack in
///         try await stack.kill("tables")
///         …
///     }
public struct RunningStack: Sendable {
    public struct Process: Sendable, Equatable {
        public let name: String
        public let pid: pid_t?
        public let restarts: Int
    }

    public let folder: String
    public let port: Int
    public let supervisor: pid_t
    public let credentials: RootCredentials

    public var endpoint: String { "http://127.0.0.1:\(port)" }
    public var dataDirectory: String { "\(folder)/data" }

    /// - Parameter environment: settings such as `APUS_OPEN`.
    public static func with<Result>(
        environment: [String: String] = [:], _ body: (RunningStack) async throws -> Result
    ) async throws -> Result {
        try await TemporaryFolder.with { folder in
            let stack = try start(in: folder, environment: environment)
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await body(stack)) } catch { result = .failure(error) }
            stack.stop()
            return try result.get()
        }
    }

    private static func start(in folder: String, environment: [String: String]) throws -> RunningStack {
        try FileBytes.makeDirectory("\(folder)/data")
        let credentials = try RootCredentials(in: "\(folder)/data")
        let port = try freePort()
        let output = open("\(folder)/output", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(output) }
        let supervisor = try spawn(
            [try executable("apus"), "up", "--data", "\(folder)/data", "--port", String(port)],
            environment: environment, output: output)
        return RunningStack(folder: folder, port: port, supervisor: supervisor, credentials: credentials)
    }

    private func stop() {
        Glibc.kill(supervisor, SIGTERM)
        var status: Int32 = 0
        while waitpid(supervisor, &status, 0) < 0, errno == EINTR {}
    }

    // MARK: Processes

    /// What the supervisor says it runs.
    public var processes: [Process] {
        guard let bytes = try? FileBytes.read("\(dataDirectory)/supervisor.json", limit: 1 << 20),
            let list = try? JSONDocument(bytes).root["processes"]
        else { return [] }
        return list.elements.map { json in
            Process(
                name: json["name"]?.string ?? "", pid: json["pid"]?.int64.map { pid_t($0) },
                restarts: Int(json["restarts"]?.int64 ?? 0))
        }
    }

    public func pid(of name: String) -> pid_t? { processes.first { $0.name == name }?.pid }

    /// kill -9, and waits until another process has its place and answers.
    public func kill(_ name: String) async throws {
        guard let old = pid(of: name) else { throw StackFailure("\(name) does not run") }
        Glibc.kill(old, SIGKILL)
        try await eventually("\(name) runs again") { pid(of: name).map { $0 != old } ?? false }
        try await waitUntilHealthy([name])
    }

    /// Waits until each of these executables answers on the bus.
    public func waitUntilHealthy(_ names: [String]) async throws {
        let client = BusClient(routes: LocalRoutes(directory: "\(dataDirectory)/run"))
        defer { client.close() }
        for name in names {
            try await eventually("\(name) is healthy") {
                let request = BusRequest(
                    service: "apus.host", operation: "Health", caller: Caller.service("healthcheck.apus").encoded,
                    deadline: .now() + .seconds(2))
                return (try? await client.call(name, request))?.isError == false
            }
        }
    }

    /// Looks again and again, for half a minute.
    public func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while try await !isSo() {
            guard ContinuousClock.now < end else { throw StackFailure("never: \(what)\n\(output)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// What the stack printed so far: its log.
    public var output: String {
        String(decoding: (try? FileBytes.read("\(folder)/output", limit: 1 << 24)) ?? [], as: UTF8.self)
    }

    // MARK: Starting

    /// The path of an executable of this package: they lie beside the tests'.
    public static func executable(_ name: String) throws -> String {
        var path = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &path, path.count)
        let own = String(decoding: path.prefix(max(length, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let found = own[..<(own.lastIndex(of: "/") ?? own.startIndex)] + "/\(name)"
        guard access(String(found), X_OK) == 0 else { throw StackFailure("\(found) was not built") }
        return String(found)
    }

    private static func spawn(
        _ arguments: [String], environment: [String: String], output: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        var inherited = environment
        for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "APUS_RUNTIMES"] where inherited[name] == nil {
            inherited[name] = getenv(name).map { String(cString: $0) }
        }
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = inherited.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, arguments[0], &actions, nil, &argv, &envp)
        guard result == 0 else { throw StackFailure("\(arguments[0]) cannot be started") }
        return pid
    }

    /// A port nobody listens on now.
    public static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard result == 0 else { throw StackFailure("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// The stack is not as a test needs it.
public struct StackFailure: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
