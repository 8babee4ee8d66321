import ServiceKit
import Synchronization

/// Topics with their policies, subscriptions and compiled filters, so that a publish parses none of them.
///
/// This process is the only writer, so what it forgets after a commit is never stale.
final class TopicCache: Sendable {
    struct Entry: Sendable {
        let topic: Topic
        let policy: Policy?
        /// Confirmed ones.
        let subscriptions: [Subscription]
    }
    private struct State {
        var entries: [TopicAddress: Entry] = [:]
        var changes = 0
        var signingKey: SigningKey?
    }
    private static let capacity = 1000
    private let state = Mutex(State())

    func entry(at address: TopicAddress) -> Entry? { state.withLock { $0.entries[address] } }

    /// Looks a topic up and keeps it, unless a change was committed meanwhile.
    func fill(_ address: TopicAddress, _ load: () async throws -> Entry?) async throws -> Entry? {
        let changes = state.withLock { $0.changes }
        guard let entry = try await load() else { return nil }
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.entries.count >= TopicCache.capacity { state.entries.removeAll(keepingCapacity: true) }
            state.entries[address] = entry
        }
        return entry
    }

    func forget(_ address: TopicAddress) {
        state.withLock { state in
            state.entries[address] = nil
            state.changes += 1
        }
    }

    var signingKey: SigningKey? { state.withLock { $0.signingKey } }
    func keep(_ key: SigningKey) { state.withLock { $0.signingKey = key } }
}
