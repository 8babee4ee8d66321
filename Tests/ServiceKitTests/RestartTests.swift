import Bus
import ServiceKit
import TestSupport
import Testing

@Suite("Services that start again")
struct RestartTests {
    @Test("A call waits for an owner that nobody serves at the moment")
    func waits() async throws {
        try await TestHost.with { _ in
            []
        } run: { test in
            let host = test.host
            async let reply = host.client.call("sqs", "ListQueues") { _ in }
            // Known to be away: the first try has found nobody.
            try await Task.sleep(for: .milliseconds(100))
            let address = LocalRoutes.callAddress(of: "messages", in: host.configuration.runDirectory)
            let server = BusServer(bind: [address]) { _ in BusReply(body: Array(#"{"came":"back"}"#.utf8)) }
            try server.start()
            #expect(try await reply.output["came"]?.string == "back")
            await server.drain(within: .seconds(1))
        }
    }

    @Test("A call does not wait for ever")
    func givesUp() async throws {
        try await TestHost.with { _ in
            []
        } run: { test in
            let error = await #expect(throws: ServiceError.self) {
                try await test.host.client.call("sqs", "ListQueues") { _ in }
            }
            #expect(error?.status == 503)
        }
    }
}
