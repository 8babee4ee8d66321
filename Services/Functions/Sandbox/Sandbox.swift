import Bytes
import CSystem
import Glibc
import Synchronization

/// Makes execution environments: the zygotes, a few blank environments ready for each runtime, and the limits.
public actor Sandbox {
    /// Where things are on this machine, and how much is kept ready.
    public struct Configuration: Sendable {
        /// The folder of unpacked packages.
        public var store: String
        public var isolation = Isolation.available()
        public var controlGroups = ControlGroups.available()
        /// Blank environments kept ready for each runtime.
        public var readyCount = 2
        /// The first of the user ids environments run as, where each has its own.
        public var firstUser: UInt32 = 600_000

        public init(store: String) { self.store = store }
    }

    /// Environments of one runtime in the making.
    private struct Nursery {
        var zygote: Task<Zygote, any Error>?
        var ready: [ExecutionEnvironment] = []
        var isFilling = false
    }

    public nonisolated let configuration: Configuration
    private var nurseries: [Runtime: Nursery] = [:]
    /// One count for the process: ids name control groups and users.
    private static let lastID = Atomic<UInt64>(0)
    /// Groups of ended environments that could not be removed at once.
    private let leftovers = Mutex<[ExecutionEnvironment]>([])
    private static let userCount: UInt64 = 60_000

    public init(_ configuration: Configuration) {
        self.configuration = configuration
        // An environment takes about ten descriptors.
        apus_raise_descriptor_limit()
    }

    /// What isolates functions here, in one sentence.
    public nonisolated var summary: String {
        let user = configuration.isolation == .administrator ? "a user each" : "one user namespace"
        return "namespaces with \(user), seccomp; \(configuration.controlGroups.summary)"
    }

    /// Starts the zygote of a runtime and its first blank environments, before anybody waits for them.
    public func prepare(_ runtime: Runtime) async throws {
        _ = try await zygote(of: runtime)
        refill(runtime)
    }

    /// An environment for one function: a ready one, or a new one.
    public func take(_ runtime: Runtime) async throws -> ExecutionEnvironment {
        defer { refill(runtime) }
        while let environment = nurseries[runtime]?.ready.popLast() {
            if !environment.hasEnded { return environment }
        }
        return try await make(runtime)
    }

    /// Ends the zygotes and the blank environments; those taken belong to their takers.
    public func stop() {
        for nursery in nurseries.values { nursery.ready.forEach { $0.kill() } }
        nurseries = [:]
        configuration.controlGroups.remove()
    }

    private func refill(_ runtime: Runtime) {
        guard let nursery = nurseries[runtime], !nursery.isFilling, nursery.ready.count < configuration.readyCount
        else { return }
        nurseries[runtime]?.isFilling = true
        Task { await fill(runtime) }
    }

    private func fill(_ runtime: Runtime) async {
        while let count = nurseries[runtime]?.ready.count, count < configuration.readyCount {
            guard let environment = try? await make(runtime) else { break }
            // Stopped meanwhile.
            if nurseries[runtime] == nil { return environment.kill() }
            nurseries[runtime]?.ready.append(environment)
        }
        nurseries[runtime]?.isFilling = false
    }

    private func zygote(of runtime: Runtime) async throws -> Zygote {
        if let starting = nurseries[runtime]?.zygote { return try await starting.value }
        let (store, isolation) = (configuration.store, configuration.isolation)
        let starting = Task { try await Zygote(runtime, store: store, isolation: isolation) }
        nurseries[runtime, default: Nursery()].zygote = starting
        do {
            return try await starting.value
        } catch {
            nurseries[runtime]?.zygote = nil
            throw error
        }
    }

    /// A new environment; a zygote that has died is replaced once.
    private func make(_ runtime: Runtime) async throws -> ExecutionEnvironment {
        do {
            return try await make(from: zygote(of: runtime), runtime)
        } catch SandboxError.ended {
            nurseries[runtime]?.zygote = nil
            return try await make(from: zygote(of: runtime), runtime)
        }
    }

    private func make(from zygote: Zygote, _ runtime: Runtime) async throws -> ExecutionEnvironment {
        let id = Self.lastID.add(1, ordering: .relaxed).newValue
        let group = try configuration.controlGroups.make(named: "environment-\(id)")
        var pair: (ours: OwnedDescriptor, theirs: OwnedDescriptor)? = try ControlMessage.socketPair()
        guard let control = pair?.ours, let theirs = pair?.theirs else { throw SandboxError.ended }
        let stream = try OwnedDescriptor.pipe()
        let telemetry = try OwnedDescriptor.pipe()
        try zygote.requestEnvironment(
            control: theirs, output: stream.writing, telemetry: telemetry.writing, group: group)
        pair = nil
        return try await adopt(
            id: id, runtime: runtime, group: group, control: control,
            output: Output(stream: stream.reading, telemetry: telemetry.reading))
    }

    private func adopt(
        id: UInt64, runtime: Runtime, group: ControlGroup, control: OwnedDescriptor, output: Output
    ) async throws -> ExecutionEnvironment {
        let blank = try await ControlMessage.expect(.blank, from: control)
        guard blank.descriptors.count == 3 else { throw SandboxError.ended }
        let user = configuration.firstUser + UInt32(id % Self.userCount)
        let parts = ExecutionEnvironment.Parts(
            id: id, runtime: runtime, process: blank.descriptors[0], runtimeListener: blank.descriptors[1],
            serviceListener: blank.descriptors[2], control: control, output: output, group: group,
            user: configuration.isolation == .administrator ? user : nil)
        return try ExecutionEnvironment(parts) { [weak self] environment in self?.clear(environment) }
    }

    /// Removes the groups of ended environments; the kernel may need a moment to let go of one.
    private nonisolated func clear(_ environment: ExecutionEnvironment) {
        leftovers.withLock { leftovers in
            leftovers.append(environment)
            leftovers.removeAll { $0.removeGroup() }
        }
    }
}
