import Bus
import TestSupport
import Testing

@testable import ServiceKit

/// Replicas of one executable: a data directory in common, sockets of their own.
@Suite struct ReplicaTests {
    @Test("Of replicas one does what is to be done alone, and when it ends another takes over")
    func lease() async throws {
        try await TemporaryFolder.with { folder in
            let (steps, step) = AsyncStream.makeStream(of: String.self)
            let first = try host("first", in: folder)
            let second = try host("second", in: folder)
            for (name, host) in [("first", first), ("second", second)] {
                host.workAlone("alone") {
                    step.yield("\(name) begins")
                    defer { step.yield("\(name) ends") }
                    try await Task.sleep(for: .seconds(3600))
                }
                host.work("beside") { step.yield("\(name) is up") }
            }
            var seen = steps.makeAsyncIterator()
            first.startWorkers()
            #expect(Set([await seen.next(), await seen.next()]) == ["first begins", "first is up"])
            second.startWorkers()
            #expect(await seen.next() == "second is up")
            await first.close()
            #expect(await seen.next() == "first ends")
            #expect(await seen.next() == "second begins")
            await second.close()
        }
    }

    @Test("Replicas open a shareable database together, and without the setting a second process hears of it")
    func sharedDatabase() async throws {
        try await TemporaryFolder.with { folder in
            let schema = [Migration(1, "CREATE TABLE note (text TEXT NOT NULL)")]
            let first = try host("first", in: folder)
            let second = try host("second", in: folder)
            for host in [first, second] { _ = try host.database("notes.db", migrations: schema, isShareable: true) }
            let stranger = try host("third", in: folder, shares: false)
            let refusal = #expect(throws: ConfigError.self) {
                try stranger.database("notes.db", migrations: schema, isShareable: true)
            }
            #expect(refusal?.name == "APUS_SHARED_DATA")
            #expect(throws: StorageError.self) { try second.database("notes.db", migrations: schema) }
            for host in [first, second, stranger] { await host.close() }
        }
    }

    @Test("A replica hears that another announced a commit")
    func announcements() async throws {
        try await TemporaryFolder.with { folder in
            let host = try host("only", in: folder)
            let database = try host.database(
                "notes.db", migrations: [Migration(1, "CREATE TABLE note (text TEXT)")], isShareable: true)
            let (looks, look) = AsyncStream.makeStream(of: Void.self)
            host.observeReplicas(database, topics: ["notes"]) { look.yield() }
            host.startWorkers()
            var seen = looks.makeAsyncIterator()
            // Connected; what follows is rung.
            await seen.next()
            try await database.write { $0.announce("notes") }
            await seen.next()
            await host.close()
        }
    }

    @Test("The first to look for the bus's key makes it, for its owner's eyes only, and all use the same")
    func busKey() async throws {
        try await TemporaryFolder.with { folder in
            let configuration = try Config(environment: ["APUS_BUS_KEY": "\(folder)/key"])
            let first = try #require(try BusSecurity(configuration))
            let second = try #require(try BusSecurity(configuration))
            #expect(first.keyPair.secretKey == second.keyPair.secretKey)
            #expect(first.peers["gateway"] == first.keyPair.publicKey)
        }
    }

    @Test("A health check asks the process beside it, not whichever replica the name leads to")
    func ownAddress() async throws {
        let environment = [
            "APUS_BUS_BIND": "tcp://0.0.0.0:7000", "APUS_BUS_FUNCTIONS": "tcp://10.0.0.1:7000",
            "APUS_BUS_TABLES": "tcp://10.0.0.2:7000",
        ]
        let routes = try Routes(Config(environment: environment), toOwn: "functions")
        #expect(try await routes.callAddresses(of: "functions") == [.tcp(host: "127.0.0.1", port: 7000)])
        #expect(try await routes.callAddresses(of: "tables") == [.tcp(host: "10.0.0.2", port: 7000)])
    }

    private func host(_ name: String, in folder: String, shares: Bool = true) throws -> ServiceHost {
        let environment = [
            "APUS_DATA": folder, "APUS_RUN": "\(folder)/\(name)", "APUS_SHARED_DATA": shares ? "1" : "0",
            "APUS_LOG": "error",
        ]
        return try ServiceHost("functions", configuration: Config(environment: environment))
    }
}
