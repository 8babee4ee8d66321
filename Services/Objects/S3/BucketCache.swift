import ServiceKit
import Synchronization

/// Buckets, access points, or what decides about tables as they were last read, by what requests call them, dropped at
/// every change of any.
final class BucketCache<Value: Sendable>: Sendable {
    private struct State {
        var values: [String: Value] = [:]
        /// Counts the changes, so that one read before a change is not kept after it.
        var generation = 0
    }

    private let state = Mutex(State())
    private let limit = 10_000

    func value(named name: String, read: () async throws -> Value?) async throws -> Value? {
        let (cached, generation) = state.withLock { ($0.values[name], $0.generation) }
        if let cached { return cached }
        guard let value = try await read() else { return nil }
        state.withLock { state in
            if state.generation == generation, state.values.count < limit { state.values[name] = value }
        }
        return value
    }

    func clear() {
        state.withLock { state in
            state.values = [:]
            state.generation += 1
        }
    }
}
