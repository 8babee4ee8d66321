import AWSModel
import Glibc
import RuntimeAPI
import Sandbox
import ServiceKit

extension Lambda {
    /// What differs between a real stack and a test.
    struct Setting: Sendable {
        var credentials: any RoleCredentialsSource
        var runtimeFolder: String
        var resources = ResourceLocator.current()
        /// Blank environments kept ready for each runtime.
        var readyCount = 2
    }

    /// Lambda on a host.
    ///
    /// | setting | meaning | default |
    /// | --- | --- | --- |
    /// | `APUS_RUNTIMES` | folder of installed runtime clients (`scripts/install-runtimes`) | `$APUS_DATA/runtimes` |
    /// | `APUS_GATEWAY` | the address functions reach as 127.0.0.1:4566 | `$APUS_HOST:$APUS_PORT` |
    /// | `APUS_CGROUP` | a version 2 control group prepared for functions | found |
    /// | `APUS_LAMBDA_CONCURRENCY` | invocations at once, of an account | 1000 |
    /// | `APUS_LAMBDA_IDLE_SECONDS` | how long an idle environment is kept | 300 |
    public static func services(on host: ServiceHost) async throws -> [AWSService] {
        let configuration = host.configuration
        let runtimes = configuration["APUS_RUNTIMES"] ?? "\(configuration.dataDirectory)/runtimes"
        let credentials = STSCredentialsSource(client: host.client, clock: host.clock)
        return try await make(on: host, Setting(credentials: credentials, runtimeFolder: runtimes)).services
    }

    static func make(on host: ServiceHost, _ setting: Setting) async throws -> Lambda {
        let folder = "\(host.configuration.dataDirectory)/\(host.name)/packages"
        let store = LambdaStore(
            database: try host.database(
                "functions.sqlite", migrations: Schema.migrations + EventLog.migrations, isShareable: true))
        let sandbox = try sandbox(host, store: folder, readyCount: setting.readyCount)
        let packages = try PackageStore(folder: folder, sandbox: sandbox)
        let runtimes = RuntimeCatalog(folder: setting.runtimeFolder, resources: setting.resources)
        let shipper = LogShipper(client: host.client, clock: host.clock, log: host.log)
        let runtimeAPI = RuntimeAPI()
        let layers = LayerLibrary(store: store, packages: packages)
        let fleet = try fleet(host, setting, sandbox: sandbox, runtimes: runtimes, layers, runtimeAPI, shipper)
        let destinations = DestinationSender(client: host.client, clock: host.clock, log: host.log)
        let events = EventQueue(
            store: store, fleet: fleet, destinations: destinations, clock: host.clock, log: host.log)
        let polling = Polling(
            store: store, fleet: fleet, client: host.client, destinations: destinations, clock: host.clock,
            log: host.log)
        let mappings = MappingSupervisor(polling)
        ObjectEvents(store: store, events: events, clock: host.clock, log: host.log).follow(on: host)
        // Among replicas one polls and works the queue off, for all; each answers calls.
        host.workAlone("lambda mappings") { try await mappings.run() }
        host.workAlone("lambda events") { try await events.run() }
        host.observeReplicas(store.database, topics: [EventQueue.announcement, MappingSupervisor.announcement]) {
            events.lookAgain()
            mappings.lookAgain()
        }
        host.work("lambda logs") { try await shipper.run() }
        host.atClose {
            fleet.stop()
            await shipper.deliver()
            await sandbox.stop()
            await runtimeAPI.stop()
        }
        host.log.info(
            "Functions are isolated", ["by": sandbox.summary, "runtimes": runtimes.names.joined(separator: " ")])
        try await prepare(store, layers, fleet, runtimes, sandbox, host)
        return Lambda(
            store: store, packages: packages, layerLibrary: layers, runtimes: runtimes, fleet: fleet, events: events,
            credentials: setting.credentials, client: host.client)
    }

    private static func sandbox(_ host: ServiceHost, store: String, readyCount: Int) throws -> Sandbox {
        // Bind mounts need a path from the root.
        try FileBytes.makeDirectory(store)
        guard let path = realpath(store, nil) else {
            throw ConfigError(name: "APUS_DATA", value: store, expected: "a folder")
        }
        defer { free(path) }
        var configuration = Sandbox.Configuration(store: String(cString: path))
        configuration.controlGroups = .available(delegated: host.configuration["APUS_CGROUP"])
        configuration.readyCount = readyCount
        return Sandbox(configuration)
    }

    private static func fleet(
        _ host: ServiceHost, _ setting: Setting, sandbox: Sandbox, runtimes: RuntimeCatalog, _ layers: LayerLibrary,
        _ runtimeAPI: RuntimeAPI, _ shipper: LogShipper
    ) throws -> Fleet {
        let configuration = host.configuration
        let starter = InstanceStarter(
            sandbox: sandbox, runtimes: runtimes, layers: layers, runtimeAPI: runtimeAPI,
            credentials: setting.credentials,
            shipper: shipper, clock: host.clock, gateway: gateway(configuration),
            limiter: AsyncSemaphore(count: 4 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        return Fleet(
            starter, clock: host.clock,
            accountLimit: try configuration.number("APUS_LAMBDA_CONCURRENCY", default: 1000),
            idleLifetime: .seconds(try configuration.number("APUS_LAMBDA_IDLE_SECONDS", default: 300)))
    }

    private static func gateway(_ configuration: Config) -> String {
        let host = configuration["APUS_HOST"].map { $0 == "0.0.0.0" || $0 == "::" ? "127.0.0.1" : $0 } ?? "127.0.0.1"
        return configuration["APUS_GATEWAY"] ?? "\(host):\(configuration["APUS_PORT"] ?? "4566")"
    }

    /// Takes up where the last run ended: what is not referred to goes, what will be needed is warmed.
    private static func prepare(
        _ store: LambdaStore, _ layers: LayerLibrary, _ fleet: Fleet, _ runtimes: RuntimeCatalog,
        _ sandbox: Sandbox, _ host: ServiceHost
    ) async throws {
        let versions = try await store.read { try $0.allVersions() }
        // Another replica may be about to make a function of a package that none uses yet.
        let age: Duration = host.isReplicated ? .seconds(86_400) : .zero
        let used =
            try await versions.map(\.package.name)
            + layers.packageNames(usedBy: versions, andUnions: host.isReplicated)
        layers.packages.removeAll(but: Set(used), olderThan: age)
        let configuration = host.configuration
        let refreshReservations = { @Sendable in
            fleet.setReservedByAll(
                try await store.read {
                    try $0.reservedConcurrency(account: configuration.account, region: configuration.region, except: "")
                })
        }
        try await refreshReservations()
        if host.isReplicated {
            host.work("lambda reservations") { [clock = host.clock] in
                while true {
                    try await clock.sleep(until: clock.now + .seconds(5))
                    try await refreshReservations()
                }
            }
        }
        let needed = Set(versions.compactMap { try? runtimes.runtime($0.runtime) })
        host.work("lambda runtimes") {
            for runtime in needed { try await sandbox.prepare(runtime) }
        }
    }
}
