import Bus
import Synchronization
import Testing
import Time

@Suite("Replicas", .timeLimit(.minutes(3))) struct ReplicaTests {
    @Test("Calls spread over every replica, the least busy first")
    func fanOut() async throws {
        try await withReplicas(3) { _, _, client in
            let counts = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<90 {
                    group.addTask {
                        String(decoding: try await client.call("owner", .test("Name")).body, as: UTF8.self)
                    }
                }
                return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(counts.keys.sorted() == ["0", "1", "2"])
            #expect(counts.values.allSatisfy { $0 >= 10 })
        }
    }

    @Test("A draining replica hands its calls to the others")
    func drainingReplica() async throws {
        try await withReplicas(2) { servers, _, client in
            async let drained: Void = servers[0].drain(within: .seconds(5))
            for _ in 0..<200 { _ = try await client.call("owner", .test("Name")) }
            await drained
            #expect(try await client.call("owner", .test("Name")).body == Array("1".utf8))
        }
    }

    @Test("An address that is added is used, and one that is removed is not")
    func changingAddresses() async throws {
        try await withFolder { folder in
            let servers = try start(2, in: folder)
            let routes = ChangingRoutes(servers[0].boundAddresses)
            let client = BusClient(routes: routes, limits: .patient)
            #expect(try await client.call("owner", .test("Name")).body == Array("0".utf8))
            routes.addresses.withLock { $0 = servers[1].boundAddresses }
            let limit = ContinuousClock.now + .seconds(30)
            while try await client.call("owner", .test("Name")).body == Array("0".utf8) {
                try #require(ContinuousClock.now < limit)
                try await Task.sleep(for: .milliseconds(5))
            }
            for _ in 0..<20 { #expect(try await client.call("owner", .test("Name")).body == Array("1".utf8)) }
            client.close()
            for server in servers { await server.drain(within: .zero) }
        }
    }

    @Test("Addresses that need no lookup are not waited for")
    func knownAddresses() async throws {
        try await withFolder { folder in
            let servers = try start(1, in: folder)
            let client = BusClient(routes: SlowRoutes(known: servers[0].boundAddresses), limits: .patient)
            #expect(try await client.call("owner", .test("Name")).body == Array("0".utf8))
            client.close()
            for server in servers { await server.drain(within: .zero) }
        }
        let address = BusAddress.tcp(host: "127.0.0.1", port: 1)
        let table = RouteTable(["owner": .init(calls: [address])])
        #expect(table.knownCallAddresses(of: "owner") == [address])
        let named = RouteTable(["owner": .init(calls: [.tcp(host: "localhost", port: 1)])])
        #expect(named.knownCallAddresses(of: "owner") == nil)
    }

    @Test("A host name stands for every address it resolves to, and an unknown one is no route")
    func names() async throws {
        let table = RouteTable(["owner": .init(calls: [.tcp(host: "localhost", port: 7001)])])
        #expect(table.refreshInterval == .seconds(2))
        let addresses = try await table.callAddresses(of: "owner")
        #expect(addresses.contains(.tcp(host: "127.0.0.1", port: 7001)))
        #expect(RouteTable(["owner": .init(calls: [.tcp(host: "127.0.0.1", port: 1)])]).refreshInterval == nil)
        let client = BusClient(
            routes: RouteTable(["owner": .init(calls: [.tcp(host: "nowhere.invalid", port: 7001)])]))
        await #expect(throws: BusError.noRoute("owner")) { try await client.call("owner", .test("Name")) }
        client.close()
    }

    /// Whoever looks addresses up waits longer than any call.
    private struct SlowRoutes: BusRoutes {
        let known: [BusAddress]
        let refreshInterval: Duration? = nil
        func callAddresses(of owner: String) async throws -> [BusAddress] {
            try await Task.sleep(for: .seconds(60))
            return known
        }
        func eventAddresses(of owner: String) -> [BusAddress] { [] }
        func knownCallAddresses(of owner: String) -> [BusAddress]? { known }
    }

    private final class ChangingRoutes: BusRoutes {
        let addresses: Mutex<[BusAddress]>
        init(_ addresses: [BusAddress]) { self.addresses = Mutex(addresses) }
        var refreshInterval: Duration? { .milliseconds(20) }
        func callAddresses(of owner: String) -> [BusAddress] { addresses.withLock { $0 } }
        func eventAddresses(of owner: String) -> [BusAddress] { [] }
    }

    private func start(_ count: Int, in folder: String) throws -> [BusServer] {
        try (0..<count).map { number in
            let server = BusServer(bind: [.ipc(path: "\(folder)/\(number).sock")], limits: .patient) { _ in
                try? await Task.sleep(for: .milliseconds(2))
                return BusReply(body: Array(String(number).utf8))
            }
            try server.start()
            return server
        }
    }

    private func withReplicas(
        _ count: Int, _ body: ([BusServer], RouteTable, BusClient) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let servers = try start(count, in: folder)
            let routes = RouteTable(["owner": .init(calls: servers.flatMap(\.boundAddresses))])
            let client = BusClient(routes: routes, limits: .patient)
            // All replicas are connected once each has answered.
            var seen: Set<[UInt8]> = []
            while seen.count < count { seen.insert(try await client.call("owner", .test("Name")).body) }
            try await body(servers, routes, client)
            client.close()
            for server in servers { await server.drain(within: .zero) }
        }
    }
}
