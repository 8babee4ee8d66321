import ServiceKit

/// Forgets the ids of messages that may be published again.
struct Trimmer: Sendable {
    let topics: TopicStore
    let clock: any WallClock

    func run() async throws {
        while !Task.isCancelled {
            let now = clock.now
            try await topics.write { try $0.dropExpiredDeduplication(at: now) }
            try await clock.sleep(until: now + .seconds(60))
        }
    }
}
