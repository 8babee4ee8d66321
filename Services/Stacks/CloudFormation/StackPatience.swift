import ServiceKit
import Synchronization

/// Lets an answer wait for work that takes but a moment: clients that look at once find it done, and those that sleep half
/// a minute between two looks, as AWS's own waiters do, need not.
final class StackPatience: Sendable {
    private static let limit = Duration.seconds(1)
    private static let pause = Duration.milliseconds(10)

    private let isSomebodyWorking = Atomic(false)

    func workBegins() { isSomebodyWorking.store(true, ordering: .relaxed) }

    /// Returns when the stack has nothing left to do, or after a second.
    fileprivate func wait(until isDone: () async throws -> Bool) async throws {
        guard isSomebodyWorking.load(ordering: .relaxed) else { return }
        let end = ContinuousClock.now + Self.limit
        while try await !isDone(), ContinuousClock.now < end { try await Task.sleep(for: Self.pause) }
    }
}

extension StackStore {
    /// What was begun is stored already: nothing depends on this.
    func settle(_ stack: String) async {
        try? await patience.wait { try await read { try $0.stack(id: stack) }?.operation == nil }
    }
}
