import Bus
import CSystem
import Glibc
import Synchronization

/// One executable of the stack: opens its databases, serves its services on the bus, runs its workers, stops in order.
///
///     await ServiceHost.run("messages") { host in
///         [try SQS.service(on: host), try SNS.service(on: host)]
///     }
public final class ServiceHost: Sendable {
    /// The owner's name: `tables`.
    public let name: String
    public let configuration: Config
    public let clock: any WallClock
    public let log: Log
    public let metrics = Metrics()
    /// Calls other services.
    public let client: ServiceClient
    /// Rings doorbells.
    public let publisher: BusPublisher

    let bus: BusClient
    let routes: any BusRoutes
    let security: BusSecurity?
    let eventLogs = EventLogs()
    /// Decides among replicas that share data; `nil` where there is one.
    let lease: ReplicaLease?
    private let workers = Mutex<[Worker]>([])
    private let closers = Mutex<[@Sendable () async -> Void]>([])

    /// For reading what is not in memory of files that other executables hand over. Threads start when they are needed.
    private static let diskThreads = 4

    /// - Parameter reactors: event loops of this executable whose tasks call other services.
    public init(
        _ name: String, configuration: Config, clock: any WallClock = SystemClock(), reactors: [any BusReactor] = []
    ) throws {
        self.name = name
        self.configuration = configuration
        self.clock = clock
        log = Log(service: name, threshold: configuration["APUS_LOG"].flatMap(Log.Level.init(named:)) ?? .info)
        try FileBytes.makeDirectory(configuration.dataDirectory)
        try FileBytes.makeDirectory(configuration.runDirectory)
        routes = try Routes(configuration)
        security = try BusSecurity(configuration)
        lease =
            configuration.flag(Self.sharedData)
            ? ReplicaLease(path: "\(configuration.dataDirectory)/\(name)-lease") : nil
        let disk = BlockingPool(threads: Self.diskThreads)
        bus = BusClient(routes: routes, security: security, reactors: reactors, diskWork: { disk.submit($0) })
        client = ServiceClient(bus: bus, configuration: configuration, name: name)
        publisher = try BusPublisher(
            bind: try ServiceHost.bindings(name, configuration).map(\.event), security: security)
    }

    /// Opens `<data>/<name>/<file>`, brought up to the newest migration.
    ///
    /// - Parameter isShareable: whether replicas may open it together where `APUS_SHARED_DATA` says so. The service then
    ///   keeps nothing of it in memory that another replica may change.
    public func database(_ file: String, migrations: [Migration], isShareable: Bool = false) throws -> Database {
        let directory = "\(configuration.dataDirectory)/\(name)"
        try FileBytes.makeDirectory(directory)
        var options = Database.Options()
        options.isShared = isShareable && isReplicated
        let path = "\(directory)/\(file)"
        let database: Database
        do {
            database = try Database(path: path, migrations: migrations, options: options)
        } catch StorageError.inUse where isShareable {
            throw ConfigError(
                name: Self.sharedData, value: configuration[Self.sharedData] ?? "",
                expected: "1 in every process that opens \(path)")
        }
        atClose { database.close() }
        releaseMemory(of: database, file)
        return database
    }

    /// Something to do without a request, from when the host serves until it stops. Started again when it throws.
    public func work(_ name: String, _ body: @escaping @Sendable () async throws -> Void) {
        workers.withLock { $0.append(Worker(name: name, body: body)) }
    }

    /// Something to close when the host stops; the last added goes first.
    public func atClose(_ body: @escaping @Sendable () async -> Void) { closers.withLock { $0.append(body) } }

    /// Runs an executable until SIGTERM. Never returns.
    public static func run(
        _ name: String, reactors: @autoclosure () -> [any BusReactor] = [],
        _ compose: (ServiceHost) async throws -> [AWSService]
    ) async -> Never {
        apus_wake_without_preempting()
        apus_raise_descriptor_limit()
        apus_keep_freed_memory()
        TerminationSignal.intercept()
        do {
            if CommandLine.arguments.dropFirst().first == "healthcheck" { try await Healthcheck.run(name) }
            SupervisorBond.form()
            let host = try ServiceHost(name, configuration: .current(), reactors: reactors())
            try await host.serve(try await compose(host))
            exit(0)
        } catch {
            Log(service: name).error("The service cannot start", ["error": "\(error)"])
            exit(1)
        }
    }

    /// Serves until SIGTERM, then drains.
    private func serve(_ services: [AWSService]) async throws {
        let server = try start(services)
        startWorkers()
        log.info("Ready", ["pid": "\(getpid())"])
        apus_forget_startup()
        await TerminationSignal.wait()
        log.info("Stopping")
        await server.drain(within: .seconds(10))
        await close()
    }

    /// Runs what `work` was given, until `close`.
    public func startWorkers() {
        let tasks = workers.withLock { $0 }.map { worker in
            Task { [clock, log] in await worker.run(clock: clock, log: log) }
        }
        // Added last, so stopped first: a worker uses what was opened before it.
        atClose { [lease] in
            for task in tasks { task.cancel() }
            for task in tasks { await task.value }
            lease?.release()
        }
    }

    /// Stops the workers and closes what was opened, the last first.
    public func close() async {
        let bodies = closers.withLock { closers in
            defer { closers = [] }
            return closers
        }
        for body in bodies.reversed() { await body() }
        publisher.close()
        bus.close()
    }

    /// Binds the owner's address and answers calls.
    public func start(_ services: [AWSService]) throws -> BusServer {
        let own = AWSService.internal(
            "apus.host",
            operations: [
                Health(), ReadMetrics(metrics: metrics), ReadEvents(logs: eventLogs),
                AcknowledgeEvents(logs: eventLogs),
            ])
        let dispatcher = Dispatcher(
            services + [own], authorizer: authorizer(), configuration: configuration, clock: clock,
            metrics: metrics, log: log)
        let server = BusServer(
            bind: try ServiceHost.bindings(name, configuration).map(\.call), security: security,
            isBrief: { dispatcher.isBrief($0) },
            handler: { await dispatcher.handle($0) })
        try server.start()
        return server
    }

    private static func bindings(
        _ name: String, _ configuration: Config
    ) throws -> [(call: BusAddress, event: BusAddress)] {
        if let text = configuration["APUS_BUS_BIND"] {
            let address = try BusAddress.parse(text)
            return [(address, address.nextPort)]
        }
        let directory = configuration.runDirectory
        return [
            (
                LocalRoutes.callAddress(of: name, in: directory),
                LocalRoutes.eventAddress(of: name, in: directory)
            )
        ]
    }
}

extension BusSecurity {
    /// One key pair for the stack, in the file `APUS_BUS_KEY` names: whoever holds it belongs to the stack. The first to
    /// look for it makes it.
    init?(_ configuration: Config) throws {
        guard let path = configuration["APUS_BUS_KEY"] else { return nil }
        _ = try FileBytes.createPrivate(path, Array("\(BusKeyPair.generate().secretKey.z85)\n".utf8))
        let text = String(decoding: try FileBytes.read(path, limit: 4096), as: UTF8.self)
        let secret = try BusKey(z85: String(text.prefix { !$0.isWhitespace }))
        let pair = try BusKeyPair(secretKey: secret)
        var peers = Dictionary(uniqueKeysWithValues: Owners.all.map { ($0, pair.publicKey) })
        peers["gateway"] = pair.publicKey
        self.init(keyPair: pair, peers: peers)
    }
}
