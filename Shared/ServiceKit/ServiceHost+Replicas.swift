/// Several replicas of one executable on one machine: what they share, and what only one of them does.
extension ServiceHost {
    static let sharedData = "APUS_SHARED_DATA"
    private static let secondLook = Duration.seconds(5)

    /// Whether replicas share this one's data directory.
    public var isReplicated: Bool { lease != nil }

    /// As `work`, by one replica at a time: another takes over when that one ends, however it ends.
    public func workAlone(_ name: String, _ body: @escaping @Sendable () async throws -> Void) {
        work(name) { [lease, clock] in
            try await lease?.take(clock: clock)
            try await body()
        }
    }

    /// Lets replicas know of each other's commits: `look` is called after one of them announced a topic.
    ///
    /// A ring may be lost, so `look` is also called every few seconds. Where there is one replica nothing happens: it
    /// observes its own commits.
    ///
    /// - Parameter topics: what `Transaction.announce` names.
    public func observeReplicas(_ database: Database, topics: [String], _ look: @escaping @Sendable () -> Void) {
        guard isReplicated else { return }
        for topic in topics {
            database.observe(topic) { [publisher] in publisher.publish("replicas/\(topic)") }
        }
        listen(to: [name], topics: topics.map { "replicas/\($0)" }, missed: look) { _ in look() }
        work("second look") { [clock] in
            while true {
                try await clock.sleep(until: clock.now + Self.secondLook)
                look()
            }
        }
    }
}
