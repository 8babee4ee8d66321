import Bus
import Foundation
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import Lambda

@Suite("Following a stream", .needsNamespaces)
struct StreamPollerTests {
    @Test("A shard whose reading failed is read again, while its stream can be described all along")
    func readsAgain() async throws {
        try await polling { host, table in
            table.failures.withLock { $0 = 3 }
            try await host.until {
                host.clock.advance(by: .milliseconds(100))
                return table.reads.withLock { $0 } > 3
            }
        }
    }

    @Test("What fails is tried again at most five seconds later, however often it failed")
    func restsShortly() async throws {
        try await polling { host, table in
            table.failures.withLock { $0 = .max }
            try await host.until {
                host.clock.advance(by: .milliseconds(100))
                return table.reads.withLock { $0 } >= 10
            }
            let before = table.reads.withLock { $0 }
            // The search for new shards sleeps too.
            try await host.until { host.clock.sleeperCount >= 2 }
            host.clock.advance(by: .seconds(5))
            try await host.until { table.reads.withLock { $0 } > before }
        }
    }

    /// A function's poller at work on a table that is not there.
    private func polling(_ body: (TestHost, FakeTable) async throws -> Void) async throws {
        try await LambdaFixture.with { fixture in
            let host = fixture.host.host
            let table = try FakeTable(of: host)
            try await fixture.create("f", python: "def handler(event, context): pass\n")
            let mapping = EventSourceMapping(
                id: "m", source: try #require(ARN(FakeTable.stream)),
                functionARN: "arn:aws:lambda:us-east-1:000000000000:function:f",
                settings: try MappingSettings(Members(JSONDocument(Array("{}".utf8)).root)), isEnabled: true,
                startingPosition: "TRIM_HORIZON", at: host.clock.now)
            let lambda = fixture.lambda
            let polling = Polling(
                store: lambda.store, fleet: lambda.fleet, client: host.client,
                destinations: DestinationSender(client: host.client, clock: host.clock, log: host.log),
                clock: host.clock, log: host.log)
            let poller = Task { await polling.poll(mapping) }
            do {
                try await body(fixture.host, table)
            } catch {
                poller.cancel()
                throw error
            }
            poller.cancel()
            await poller.value
            await table.stop()
        }
    }
}

/// Stands in for `tables` on the bus: a stream of one shard whose records cannot always be read.
private final class FakeTable: Sendable {
    static let stream = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-01-01T00:00:00.000"

    /// So many of the next reads fail.
    let failures = Mutex(0)
    let reads = Mutex(0)
    private let server = Mutex<BusServer?>(nil)

    init(of host: ServiceHost) throws {
        let address = LocalRoutes.callAddress(of: "tables", in: host.configuration.runDirectory)
        let server = BusServer(bind: [address]) { [weak self] request in
            self?.answer(request) ?? BusReply(status: 503, isError: true, body: ServiceError.unavailable.encoded)
        }
        try server.start()
        self.server.withLock { $0 = server }
    }

    func stop() async { await server.withLock { $0 }?.drain(within: .seconds(1)) }

    private func answer(_ request: BusRequest) -> BusReply {
        switch request.operation {
        case "DescribeStream":
            return BusReply(body: Array(#"{"StreamDescription":{"Shards":[{"ShardId":"shardId-1"}]}}"#.utf8))
        case "GetShardIterator": return BusReply(body: Array(#"{"ShardIterator":"first"}"#.utf8))
        default:
            reads.withLock { $0 += 1 }
            let mustFail = failures.withLock { count in
                defer { count = max(0, count - 1) }
                return count > 0
            }
            if mustFail { return BusReply(status: 503, isError: true, body: ServiceError.unavailable.encoded) }
            return BusReply(body: Array(#"{"Records":[],"NextShardIterator":"next"}"#.utf8))
        }
    }
}
