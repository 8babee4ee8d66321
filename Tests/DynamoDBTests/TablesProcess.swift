import Glibc
import ServiceKit
import Synchronization
import Testing

/// A real `apus-tables`, beside the test executable, to be killed and started again, called over the bus.
final class TablesProcess: Sendable {
    private let folder: String
    private let client: ServiceHost
    private let process = Mutex<pid_t?>(nil)

    init(folder: String) throws {
        self.folder = folder
        client = try ServiceHost(
            "tester", configuration: Config(environment: ["APUS_DATA": folder, "APUS_LOG": "error"]))
        try start()
    }

    func start() throws {
        let path = try Self.executable()
        var words = [strdup(path), nil]
        var variables = [strdup("APUS_DATA=\(folder)"), strdup("APUS_LOG=error"), nil]
        defer { for word in words + variables { free(word) } }
        var id = pid_t()
        try #require(posix_spawn(&id, path, nil, nil, &words, &variables) == 0)
        process.withLock { $0 = id }
    }

    /// kill -9, and waits until it is gone.
    func kill() {
        process.withLock { process in
            guard let id = process else { return }
            _ = Glibc.kill(id, SIGKILL)
            var status: Int32 = 0
            waitpid(id, &status, 0)
            process = nil
        }
    }

    func close() async {
        kill()
        await client.close()
    }

    @discardableResult
    func call(
        _ operation: String, _ input: String = "{}", service: String = "dynamodb", in region: String? = nil
    ) async throws -> JSONValue {
        var options = ServiceClient.Options()
        options.region = region
        return try await client.client.call(
            service, operation, Array(input.utf8), as: .root(of: "000000000000"), options: options
        ).output
    }

    /// Returns once it answers.
    func untilReady() async throws {
        let limit = ContinuousClock.now + .seconds(20)
        while true {
            do {
                try await call("ListTables")
                return
            } catch {
                guard ContinuousClock.now < limit else { throw error }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private static func executable() throws -> String {
        var path = [UInt8](repeating: 0, count: 4096)
        let count = path.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        let own = String(decoding: path.prefix(count), as: UTF8.self)
        let slash = try #require(own.lastIndex(of: "/"))
        return own[...slash] + "apus-tables"
    }
}
