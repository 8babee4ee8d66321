import HTTP
import HTTPTypes

/// Asks until the stack answers a signed request.
struct FirstAnswer {
    let client: HTTPClient
    let origin: Origin
    let requests: SignedRequests
    private let patience = Duration.seconds(20)

    init(_ options: Options) throws {
        client = HTTPClient(configuration: HTTPClient.Configuration())
        origin = try options.origin()
        requests = try SignedRequests("sts", options)
    }

    /// How long it took since `start`, a reading of the monotonic clock in nanoseconds.
    func wait(since start: Int) async throws -> Measurement {
        let deadline = ContinuousClock.now + patience
        var measurement = Measurement()
        while ContinuousClock.now < deadline {
            let request = requests.callerIdentity()
            if let (head, body) = try? await client.send(request.head, to: origin, bytes: request.body),
                head.status == 200, (try? await body.collect(upTo: 1 << 20)) != nil
            {
                measurement.add(.nanoseconds(MonotonicClock.nanoseconds() - start), .succeeded)
                return measurement
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        measurement.add(patience, .failed("no answer in \(patience)"))
        return measurement
    }
}
