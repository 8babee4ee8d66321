import Synchronization

/// A stretch of time in which a thread of a database did something that requests may have had to wait for.
public struct StorageWork: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Runs the bodies of a commit's writes.
        case writes
        /// Commits: writes the log and waits for the disk.
        case commit
        /// Moves the log in the background, beside the writer.
        case moving
        /// Has the writer move the rest of the log, and start it over.
        case restart
        /// Has the writer wait for the background.
        case waiting
    }

    public let kind: Kind
    public let start: ContinuousClock.Instant
    public let end: ContinuousClock.Instant

    public var time: Duration { end - start }
}

/// Tells somebody who measures what a database's threads do; nobody in service.
final class WorkWatch: Sendable {
    /// A function that lies in a lock by itself is wrapped once more each time it is looked at, and takes longer and
    /// longer to call.
    private struct Observer: Sendable {
        let tell: @Sendable (StorageWork) -> Void
    }

    private let observer = Mutex<Observer?>(nil)

    func set(_ body: @escaping @Sendable (StorageWork) -> Void) { observer.withLock { $0 = Observer(tell: body) } }

    @discardableResult
    func time<Result>(_ kind: StorageWork.Kind, _ body: () -> Result) -> (result: Result, time: Duration) {
        let start = ContinuousClock.now
        let result = body()
        let end = ContinuousClock.now
        if let observer = observer.withLock({ $0 }) {
            observer.tell(StorageWork(kind: kind, start: start, end: end))
        }
        return (result, end - start)
    }
}
