import Synchronization

/// What writers were acknowledged until their service is killed, and whether it is time to kill it.
public final class CrashTally: Sendable {
    private let perRound: Int
    private let steps: Mutex<[Int]>
    private let begun: Mutex<[Int]>
    private let goal = Mutex(0)

    /// - Parameter perRound: acknowledged steps, of all writers, between one kill and the next.
    public init(writers: Int, perRound: Int) {
        self.perRound = perRound
        steps = Mutex([Int](repeating: 0, count: writers))
        begun = Mutex([Int](repeating: 0, count: writers))
    }

    /// The last step of each writer.
    public var acknowledged: [Int] { steps.withLock { $0 } }
    /// True from the goal on.
    public var isDone: Bool { acknowledged.reduce(0, +) >= goal.withLock { $0 } }

    /// The steps that what a writer wrote may be of: the last acknowledged, and those under way since. More than one where
    /// none of a whole round was acknowledged.
    public func possible(for writer: Int) -> ClosedRange<Int> {
        let acknowledged = acknowledged[writer]
        return acknowledged...max(acknowledged, begun.withLock { $0[writer] })
    }

    /// Before the step's first write.
    public func begin(_ step: Int, by writer: Int) { begun.withLock { $0[writer] = step } }
    public func startRound() { goal.withLock { $0 = acknowledged.reduce(0, +) + perRound } }
    public func note(_ step: Int, by writer: Int) { steps.withLock { $0[writer] = step } }
}
