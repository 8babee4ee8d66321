import Bus
import Glibc
import ServiceKit
import Synchronization
import Testing

/// A real executable of the stack, beside the test executable, to be killed and started again, called over the bus.
public final class ExecutableProcess: Sendable {
    private let name: String
    private let folder: String
    private let settings: [String]
    private let client: ServiceHost
    private let process = Mutex<pid_t?>(nil)

    /// - Parameters:
    ///   - name: as of its host: `tables`.
    ///   - settings: variables beside the folder's: `APUS_S3_LOG_SECONDS=1`.
    public init(_ name: String, folder: String, settings: [String] = []) throws {
        self.name = name
        self.folder = folder
        self.settings = settings
        client = try ServiceHost(
            "\(name)-tester", configuration: Config(environment: ["APUS_DATA": folder, "APUS_LOG": "error"]))
        try start()
    }

    /// A test that failed leaves nothing behind.
    deinit { kill() }

    /// Starts it, once more where it was started before: a test whose calls all failed may not have killed it.
    public func start() throws {
        kill()
        let path = try "\(Self.folderOfExecutables())apus-\(name)"
        var words = [strdup(path), nil]
        var variables = (["APUS_DATA=\(folder)", "APUS_LOG=error"] + settings).map { strdup($0) } + [nil]
        defer { for word in words + variables { free(word) } }
        var id = pid_t()
        try #require(posix_spawn(&id, path, nil, nil, &words, &variables) == 0)
        process.withLock { $0 = id }
    }

    /// kill -9, and waits until it is gone.
    public func kill() {
        process.withLock { process in
            guard let id = process else { return }
            _ = Glibc.kill(id, SIGKILL)
            var status: Int32 = 0
            waitpid(id, &status, 0)
            process = nil
        }
    }

    public func close() async {
        kill()
        await client.close()
    }

    /// Calls as root, with bytes beside the input where there are any.
    ///
    /// - Throws: `ServiceError`
    public func reply(
        _ service: String, _ operation: String, _ input: String = "{}", in region: String? = nil,
        body: ByteStream? = nil
    ) async throws -> ServiceReply {
        var options = ServiceClient.Options()
        options.stream = body
        options.region = region
        return try await client.client.call(
            service, operation, Array(input.utf8), as: .root(of: TestHost.account), options: options)
    }

    /// Returns once it answers.
    public func untilReady(_ service: String, _ operation: String) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while true {
            do {
                _ = try await reply(service, operation)
                return
            } catch {
                guard ContinuousClock.now < limit else { throw error }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private static func folderOfExecutables() throws -> Substring {
        var path = [UInt8](repeating: 0, count: 4096)
        let count = path.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        let own = String(decoding: path.prefix(count), as: UTF8.self)
        let slash = try #require(own.lastIndex(of: "/"))
        return own[...slash]
    }
}
