import Synchronization

/// Who wants to know of commits: by topic, or by the type of what is told.
final class CommitObservers: Sendable {
    private let bodies = Mutex<[String: [@Sendable () -> Void]]>([:])
    private let listeners = Mutex<[ObjectIdentifier: [@Sendable (any Sendable) -> Void]]>([:])

    private let commits = Atomic<UInt64>(0)

    var commitNumber: UInt64 { commits.load(ordering: .acquiring) }

    func noteCommit() { commits.wrappingAdd(1, ordering: .releasing) }

    func add(_ topic: String, _ body: @escaping @Sendable () -> Void) {
        bodies.withLock { $0[topic, default: []].append(body) }
    }

    func tell(_ topic: String) {
        for body in bodies.withLock({ $0[topic] ?? [] }) { body() }
    }

    func add<News: Sendable>(_ type: News.Type, _ body: @escaping @Sendable (News) -> Void) {
        listeners.withLock { listeners in
            listeners[ObjectIdentifier(type), default: []].append { news in
                if let news = news as? News { body(news) }
            }
        }
    }

    func tell<News: Sendable>(_ news: News) {
        for body in listeners.withLock({ $0[ObjectIdentifier(News.self)] ?? [] }) { body(news) }
    }
}
