import Bus
import Synchronization
import Testing
import Time

@Suite("Events", .timeLimit(.minutes(3))) struct EventTests {
    @Test("A subscriber hears the topics it asked for, and no others")
    func topics() async throws {
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let publisher = try BusPublisher(bind: routes.eventAddresses(of: "owner"))
            let subscriber = BusSubscriber(owners: ["owner"], topics: ["outbox/", "ready"], routes: routes)
            _ = try await firstEvent(of: subscriber) { publisher.publish("ready") }
            publisher.publish("inbox/tables", [1])
            publisher.publish("outbox/tables", [2, 3])
            for await event in subscriber.events where event.topic != "ready" {
                #expect(event.topic == "outbox/tables")
                #expect(event.payload == [2, 3])
                break
            }
            subscriber.close()
            publisher.close()
        }
    }

    @Test("A subscriber finds its publisher again by itself, and says so")
    func reconnect() async throws {
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let connections = Atomic(0)
            let subscriber = BusSubscriber(owners: ["owner"], topics: [""], routes: routes) { owner in
                if owner == "owner" { connections.add(1, ordering: .relaxed) }
            }
            for round in 1...2 {
                let publisher = try BusPublisher(bind: routes.eventAddresses(of: "owner"))
                let ring = "round \(round)"
                _ = try await firstEvent(of: subscriber, about: ring) { publisher.publish(ring) }
                #expect(connections.load(ordering: .relaxed) >= round)
                publisher.close()
            }
            subscriber.close()
        }
    }

    @Test("Closing ends the sequence of events")
    func close() async throws {
        let subscriber = BusSubscriber(owners: [], topics: [""], routes: RouteTable([:]))
        subscriber.close()
        for await _ in subscriber.events { Issue.record("an event out of nowhere") }
    }

    @Test("Publishing to nobody, or after closing, does nothing")
    func nobody() async throws {
        try await withFolder { folder in
            let publisher = try BusPublisher(bind: [.ipc(path: "\(folder)/events.sock")])
            for _ in 0..<100_000 { publisher.publish("topic", [1, 2, 3]) }
            publisher.close()
            publisher.publish("topic")
        }
    }
}

/// Rings until the subscriber, whose subscription may still be on its way, hears it.
func firstEvent(
    of subscriber: BusSubscriber, about topic: String? = nil, ring: @escaping @Sendable () -> Void
) async throws -> BusEvent {
    let ringing = Task {
        while !Task.isCancelled {
            ring()
            try await Task.sleep(for: .milliseconds(5))
        }
    }
    defer { ringing.cancel() }
    let event = await subscriber.events.first { topic == nil || $0.topic == topic }
    return try #require(event)
}
