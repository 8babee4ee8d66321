import ServiceKit
import Synchronization

/// Queues and their parsed policies, so that a message costs no look-up of its queue.
///
/// This process is the only writer, so what it forgets after a commit is never stale.
final class QueueCache: Sendable {
    struct Entry: Sendable {
        let queue: Queue
        let policy: Policy?
    }
    private struct State {
        var entries: [QueueAddress: Entry] = [:]
        var changes = 0
    }
    private static let capacity = 10_000
    private let state = Mutex(State())

    func entry(at address: QueueAddress) -> Entry? { state.withLock { $0.entries[address] } }

    /// Looks a queue up and keeps it, unless a change was committed meanwhile.
    func fill(_ address: QueueAddress, _ load: () async throws -> Entry?) async throws -> Entry? {
        let changes = state.withLock { $0.changes }
        guard let entry = try await load() else { return nil }
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.entries.count >= QueueCache.capacity { state.entries.removeAll(keepingCapacity: true) }
            state.entries[address] = entry
        }
        return entry
    }

    func forget(_ address: QueueAddress) {
        state.withLock { state in
            state.entries[address] = nil
            state.changes += 1
        }
    }
}
