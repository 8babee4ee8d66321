import Synchronization

/// Notes which members a shape asks for, so that a test can compare them with the service model.
public final class MemberRecorder: Sendable {
    private let seen = Mutex<Set<String>>([])

    public init() {}

    public var names: Set<String> { seen.withLock { $0 } }

    func record(_ name: String) { _ = seen.withLock { $0.insert(name) } }
}
