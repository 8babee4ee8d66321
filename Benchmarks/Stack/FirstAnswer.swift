import HTTP
import HTTPTypes

/// Asks until the stack answers a signed request.
struct FirstAnswer {
    let load: Load
    let requests: SignedRequests
    private let patience = Duration.seconds(20)

    init(_ options: Options) throws {
        load = try Load(options)
        requests = try SignedRequests("sts", options)
    }

    /// How long it took since `start`, a reading of the monotonic clock in nanoseconds.
    func wait(since start: Int) async throws -> Measurement {
        let deadline = ContinuousClock.now + patience
        var measurement = Measurement()
        while ContinuousClock.now < deadline {
            let request = requests.callerIdentity()
            if let (head, body) = try? await load.client.send(request.head, to: load.origin, bytes: request.body),
                head.status == 200, (try? await body.collect(upTo: 1 << 20)) != nil
            {
                measurement.add(.nanoseconds(MonotonicClock.nanoseconds() - start), failure: nil)
                return measurement
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        measurement.add(patience, failure: "no answer in \(patience)")
        return measurement
    }
}
