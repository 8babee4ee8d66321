import HTTP
import HTTPTypes

/// Sends prepared requests over kept connections and takes the time of each.
struct Load: Sendable {
    let client: HTTPClient
    let origin: Origin
    let connections: Int

    init(_ options: Options) throws {
        origin = try options.origin()
        connections = try options.number("connections", default: 16)
        var configuration = HTTPClient.Configuration()
        configuration.maximumConnectionsPerOrigin = connections
        client = HTTPClient(configuration: configuration)
    }

    /// For so long, around and around.
    func run(_ requests: [PreparedRequest], seconds: Int) async throws -> Measurement {
        _ = try await run(requests, until: .now + .milliseconds(500))  // Connections opened, caches as in use.
        return try await run(requests, until: .now + .seconds(seconds))
    }

    /// Each request once.
    func runOnce(_ requests: [PreparedRequest]) async throws -> Measurement {
        try await run(requests, until: nil)
    }

    private func run(_ requests: [PreparedRequest], until end: ContinuousClock.Instant?) async throws -> Measurement {
        let position = Position()
        let start = ContinuousClock.now
        let parts = try await withThrowingTaskGroup(of: Measurement.self) { group in
            // On the loops of the connections: what changes of threads would cost is taken from whom we measure.
            let loops = EventLoopGroup.shared.loops
            for number in 0..<connections {
                group.addTask(executorPreference: loops[number % loops.count]) {
                    try await self.work(requests, position, until: end)
                }
            }
            return try await group.reduce(into: [Measurement]()) { $0.append($1) }
        }
        return Measurement(merging: parts, elapsed: ContinuousClock.now - start)
    }

    private func work(
        _ requests: [PreparedRequest], _ position: Position, until end: ContinuousClock.Instant?
    ) async throws -> Measurement {
        var measurement = Measurement()
        var start = ContinuousClock.now
        while end.map({ start < $0 }) ?? true {
            let index = position.advance()
            guard end != nil || index < requests.count else { break }
            let failure = await send(requests[index % requests.count])
            let now = ContinuousClock.now
            measurement.add(now - start, failure: failure)
            start = now
        }
        return measurement
    }

    /// What went wrong, or `nil`.
    private func send(_ request: PreparedRequest) async -> String? {
        do {
            let (head, body) = try await client.send(request.head, to: origin, bytes: request.body)
            let answer = try await body.collect(upTo: 1 << 20)
            if head.status == 200, head.fields["X-Amz-Function-Error"] == nil { return nil }
            return "\(head.status) \(String(decoding: answer.prefix(200), as: UTF8.self))"
        } catch {
            return "\(error)"
        }
    }
}
