import Dispatch
import Glibc
import ServiceKit

/// Derives images in worker processes: a few at a time, each for one file, killed when its time is over.
public final class Renderer: Sendable {
    private static let patience = Duration.seconds(30)
    /// How many may wait for each that runs, of those in front of a browser.
    private static let placesEach = 16
    private let executable: String
    private let turns: AsyncSemaphore
    private let places: Int
    private let queue = DispatchQueue(label: "apus.thumbnails.worker", attributes: .concurrent)

    /// - Parameters:
    ///   - executable: the `thumbnail-worker` program.
    ///   - count: how many workers may run at a time.
    public init(executable: String, count: Int = 1) {
        self.executable = executable
        turns = AsyncSemaphore(count: count)
        places = count * Renderer.placesEach
    }

    /// The worker installed beside this program, as many at a time as the settings say.
    ///
    /// - Throws: `ConfigError`
    public static func installed(for configuration: Config) throws -> Renderer {
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return installed(count: max(1, try configuration.number("APUS_THUMBNAILS_WORKERS", default: min(4, cores))))
    }

    /// The worker installed beside this program.
    ///
    /// - Parameter count: how many may run at a time.
    public static func installed(count: Int = 1) -> Renderer {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count)
        let own = String(decoding: path.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.prefix(upTo: own.lastIndex(of: "/") ?? own.startIndex)
        return Renderer(executable: "\(folder)/thumbnail-worker", count: count)
    }

    /// - Throws: `Refusal` for the image's fault; `WorkerFailure` for ours.
    func render(_ image: [UInt8], _ transformations: [Transformation]) async throws -> [DerivedImage] {
        try await render(isPatient: true, transformations) { image }
    }

    /// - Parameters:
    ///   - isPatient: whether it waits however many wait before it, as nobody in front of a browser waits for it.
    ///   - image: read when its turn has come: what waits takes no memory.
    /// - Throws: `Refusal` for the image's fault; `WorkerFailure` for ours; `AsyncSemaphore.Full`
    func render(
        isPatient: Bool, _ transformations: [Transformation], of image: () async throws -> [UInt8]
    ) async throws -> [DerivedImage] {
        let (status, output) = try await turns.run(places: isPatient ? nil : places) {
            let image = try await image()
            return try await withCheckedThrowingContinuation { continuation in
                queue.async {
                    continuation.resume(with: Result { try self.run(image, transformations) })
                }
            }
        }
        switch status {
        case .exited(0): return try Answer.read(output, count: transformations.count)
        case .exited(Answer.refused): throw try Answer.refusal(output)
        case .exited(Answer.failed): throw WorkerFailure(call: "thumbnail-worker", code: EIO)
        case .exited, .signalled: throw Refusal.limitExceeded
        case .timedOut: throw Refusal.timedOut
        }
    }

    private enum Ending {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
    }

    /// Blocks: runs on a queue of its own.
    private func run(_ image: [UInt8], _ transformations: [Transformation]) throws -> (Ending, [UInt8]) {
        let input = try Pipe()
        let output = try Pipe()
        defer { output.close() }
        let pid: pid_t
        do {
            defer {
                input.closeReader()
                output.closeWriter()
            }
            pid = try spawn(transformations, input: input.reader, output: output.writer)
        } catch {
            input.close()
            throw error
        }
        let deadline = ContinuousClock.now + Renderer.patience
        let exchange = Exchange(image: image, input: input, output: output, deadline: deadline)
        let isComplete = exchange.run()
        if !isComplete { kill(pid, SIGKILL) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        if !isComplete { return (.timedOut, []) }
        let signal = status & 0x7f
        return (signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal), exchange.received)
    }

    private func spawn(_ transformations: [Transformation], input: Int32, output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        // Decoders complain on standard error; a log is a file, and writing to files is what the worker may not do.
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let arguments = [executable] + transformations.map(\.argument)
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        // Nothing of our environment: no addresses, no settings, no secrets.
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("VIPS_WARNING=0"), nil]
        defer { for pointer in pointers + environment { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable, &actions, nil, &pointers, &environment)
        guard code == 0 else { throw WorkerFailure(call: "posix_spawn", code: code) }
        return pid
    }
}

package struct WorkerFailure: Error, CustomStringConvertible {
    let call: String
    let code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    package var description: String { "\(call): \(String(cString: strerror(code)))" }
}

/// Two ends; what this process keeps is closed on exec.
private final class Pipe {
    private(set) var reader: Int32 = -1
    private(set) var writer: Int32 = -1

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw WorkerFailure(call: "pipe", code: errno) }
        (reader, writer) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    func closeReader() {
        if reader >= 0 { Glibc.close(reader) }
        reader = -1
    }
    func closeWriter() {
        if writer >= 0 { Glibc.close(writer) }
        writer = -1
    }
    func close() {
        closeReader()
        closeWriter()
    }
}

/// Feeds a worker its image and takes its answer, both at once, until the answer ends or time is over.
private final class Exchange {
    private let image: [UInt8]
    private let input: Pipe
    private let output: Pipe
    private let deadline: ContinuousClock.Instant
    private var sent = 0
    private(set) var received: [UInt8] = []

    init(image: [UInt8], input: Pipe, output: Pipe, deadline: ContinuousClock.Instant) {
        self.image = image
        self.input = input
        self.output = output
        self.deadline = deadline
        _ = fcntl(input.writer, F_SETFL, O_NONBLOCK)
    }

    /// `false` when the time was over first, or the answer grew beyond measure.
    func run() -> Bool {
        defer { input.closeWriter() }
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            var polls = [pollfd(fd: output.reader, events: Int16(POLLIN), revents: 0)]
            if input.writer >= 0 { polls.append(pollfd(fd: input.writer, events: Int16(POLLOUT), revents: 0)) }
            let left = (deadline - ContinuousClock.now) / .milliseconds(1)
            guard left > 0 else { return false }
            guard poll(&polls, nfds_t(polls.count), Int32(min(left, 60_000))) > 0 else { continue }
            if polls.count > 1, polls[1].revents != 0 { send() }
            guard polls[0].revents != 0 else { continue }
            let count = read(output.reader, &chunk, chunk.count)
            if count == 0 { return true }
            if count > 0 { received += chunk[..<count] }
            guard received.count <= Answer.longest else { return false }
        }
    }

    private func send() {
        let count = image[sent...].withUnsafeBytes { write(input.writer, $0.baseAddress, min($0.count, 65_536)) }
        if count > 0 { sent += count }
        // A worker that refuses early closes its end; its answer says why.
        if sent == image.count || (count < 0 && errno != EAGAIN && errno != EINTR) { input.closeWriter() }
    }
}
