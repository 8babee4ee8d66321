import ServiceKit

/// Work that several wait for is done one time; and only so much of it at once.
actor SharedFlights<Value: Sendable> {
    private let limit: Int
    private var flights: [String: Task<Value, any Error>] = [:]

    init(limit: Int) { self.limit = limit }

    /// Does `work`, or waits for the same that somebody else has begun. It goes on when those who wait go away: who
    /// comes next finds it done.
    ///
    /// - Throws: `SlowDown` where too much is under way.
    func run(_ name: String, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        if let flight = flights[name] { return try await flight.value }
        guard flights.count < limit else { throw ServiceError.slowDown }
        let flight = Task.detached { try await work() }
        flights[name] = flight
        defer { flights[name] = nil }
        return try await flight.value
    }
}
