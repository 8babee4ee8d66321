import ServiceKit
import Synchronization

/// Buckets as they were last read, dropped at every change of any bucket.
final class BucketCache: Sendable {
    private struct State {
        var buckets: [String: Bucket] = [:]
        /// Counts the changes, so that a bucket read before one is not kept after it.
        var generation = 0
    }

    private let state = Mutex(State())
    private static let limit = 10_000

    func bucket(named name: String, read: () async throws -> Bucket?) async throws -> Bucket? {
        let (cached, generation) = state.withLock { ($0.buckets[name], $0.generation) }
        if let cached { return cached }
        guard let bucket = try await read() else { return nil }
        state.withLock { state in
            if state.generation == generation, state.buckets.count < Self.limit { state.buckets[name] = bucket }
        }
        return bucket
    }

    func clear() {
        state.withLock { state in
            state.buckets = [:]
            state.generation += 1
        }
    }
}
