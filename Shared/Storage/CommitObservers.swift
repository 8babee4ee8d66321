import Synchronization

/// Who wants to know of commits, by topic.
final class CommitObservers: Sendable {
    private let bodies = Mutex<[String: [@Sendable () -> Void]]>([:])

    func add(_ topic: String, _ body: @escaping @Sendable () -> Void) {
        bodies.withLock { $0[topic, default: []].append(body) }
    }

    func tell(_ topic: String) {
        for body in bodies.withLock({ $0[topic] ?? [] }) { body() }
    }
}
