import Bus
import Testing
import Time

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Security", .timeLimit(.minutes(3))) struct SecurityTests {
    @Test("A key that is on the list gets in, over tcp with CURVE")
    func knownKey() async throws {
        let (server, client) = (BusKeyPair.generate(), BusKeyPair.generate())
        let reply = try await call(
            server: BusSecurity(keyPair: server, peers: ["gateway": client.publicKey]),
            client: BusSecurity(keyPair: client, peers: ["owner": server.publicKey]), limits: .patient)
        #expect(reply.body == Array("secret".utf8))
    }

    @Test("A key that is not on the list gets no answer")
    func unknownKey() async throws {
        let (server, client, friend) = (BusKeyPair.generate(), BusKeyPair.generate(), BusKeyPair.generate())
        await #expect(throws: BusError.noRoute("owner")) {
            try await call(
                server: BusSecurity(keyPair: server, peers: ["gateway": friend.publicKey]),
                client: BusSecurity(keyPair: client, peers: ["owner": server.publicKey]))
        }
    }

    @Test("A server with another key than expected is not spoken to")
    func impostor() async throws {
        let (server, client, real) = (BusKeyPair.generate(), BusKeyPair.generate(), BusKeyPair.generate())
        await #expect(throws: BusError.noRoute("owner")) {
            try await call(
                server: BusSecurity(keyPair: server, peers: ["gateway": client.publicKey]),
                client: BusSecurity(keyPair: client, peers: ["owner": real.publicKey]))
        }
    }

    @Test("Nobody gets in without encryption")
    func plainClient() async throws {
        let server = BusKeyPair.generate()
        await #expect(throws: BusError.noRoute("owner")) {
            try await call(server: BusSecurity(keyPair: server, peers: [:]), client: nil)
        }
    }

    @Test("Plain tcp beyond the loopback interface is refused when it is set up")
    func plainTCP() throws {
        let address = BusAddress.tcp(host: "0.0.0.0", port: 0)
        let server = BusServer(bind: [address]) { _ in BusReply() }
        #expect(throws: BusSetupError.tcpWithoutSecurity(address)) { try server.start() }
    }

    @Test("A socket's folder must be closed to others")
    func openFolder() async throws {
        try await withFolder { folder in
            chmod(folder, 0o755)
            let server = BusServer(bind: [.ipc(path: "\(folder)/a.sock")]) { _ in BusReply() }
            #expect(throws: BusSetupError.self) { try server.start() }
            chmod(folder, 0o700)
            let second = BusServer(bind: [.ipc(path: "\(folder)/a.sock")]) { _ in BusReply() }
            try second.start()
            #expect(throws: BusSetupError.alreadyStarted) { try second.start() }
            await second.drain(within: .zero)
        }
    }

    @Test("A missing folder is made for its owner alone")
    func missingFolder() async throws {
        try await withFolder { folder in
            let server = BusServer(bind: [.ipc(path: "\(folder)/run/a.sock")]) { _ in BusReply() }
            try server.start()
            var status = stat()
            #expect(stat("\(folder)/run", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o700)
            await server.drain(within: .zero)
            rmdir("\(folder)/run")
        }
    }

    @Test("Keys are Z85, and a secret key gives its public one")
    func keys() throws {
        let pair = BusKeyPair.generate()
        #expect(try BusKey(z85: pair.publicKey.z85) == pair.publicKey)
        #expect(try BusKeyPair(secretKey: pair.secretKey).publicKey == pair.publicKey)
        #expect(throws: BusSetupError.malformedKey) { try BusKey(z85: "short") }
        #expect(throws: BusSetupError.malformedKey) { try BusKey(z85: String(repeating: "\"", count: 40)) }
    }

    @Test("Events travel encrypted too")
    func events() async throws {
        let (server, client) = (BusKeyPair.generate(), BusKeyPair.generate())
        let publisher = try BusPublisher(
            bind: [.tcp(host: "127.0.0.1", port: 0)],
            security: BusSecurity(keyPair: server, peers: ["gateway": client.publicKey]))
        let routes = RouteTable(["owner": .init(calls: [], events: publisher.boundAddresses)])
        let subscriber = BusSubscriber(
            owners: ["owner"], topics: [""], routes: routes,
            security: BusSecurity(keyPair: client, peers: ["owner": server.publicKey]))
        let event = try await firstEvent(of: subscriber) { publisher.publish("topic", [1]) }
        #expect(event.payload == [1])
        subscriber.close()
        publisher.close()
    }

    private func call(
        server: BusSecurity, client: BusSecurity?, limits: BusLimits = BusLimits()
    ) async throws -> BusReply {
        let listening = BusServer(bind: [.tcp(host: "127.0.0.1", port: 0)], security: server, limits: limits) {
            BusReply(body: $0.body)
        }
        try listening.start()
        let routes = RouteTable(["owner": .init(calls: listening.boundAddresses)])
        let calling = BusClient(routes: routes, security: client, limits: limits)
        let result = await Task { try await calling.call("owner", .test("Echo", "secret")) }.result
        calling.close()
        await listening.drain(within: .zero)
        return try result.get()
    }
}
