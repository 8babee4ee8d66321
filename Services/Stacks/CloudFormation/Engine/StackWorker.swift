import ServiceKit
import Synchronization

/// Does what stacks have to do, each for itself. What was under way when the process ended goes on where it was.
struct StackWorker: Sendable {
    private static let pauseAfterTrouble = Duration.seconds(5)
    private static let pause = Duration.seconds(3600)

    let store: StackStore
    let calls: ServiceCalls
    let clock: any WallClock
    let log: Log
    private let bell = Doorbell()

    init(store: StackStore, calls: ServiceCalls, clock: any WallClock, log: Log) {
        (self.store, self.calls, self.clock, self.log) = (store, calls, clock, log)
        store.database.observe(StackStore.topic) { [bell] in bell.ring() }
    }

    func run() async throws {
        let running = Running()
        store.patience.workBegins()
        try await withThrowingDiscardingTaskGroup { group in
            while !Task.isCancelled {
                try await store.write { [now = clock.now] snapshot in
                    try snapshot.forgetStacks(deletedBefore: now - StackStore.retention)
                }
                for id in try await store.read({ try $0.busyStacks() }) where running.begin(id) {
                    group.addTask {
                        await bringForward(id)
                        running.end(id)
                        bell.ring()
                    }
                }
                await bell.wait(until: clock.now + Self.pause, on: clock)
            }
            group.cancelAll()
        }
    }

    private func bringForward(_ id: String) async {
        while !Task.isCancelled {
            do {
                return try await OperationRunner(store: store, calls: calls, clock: clock).run(id)
            } catch is CancellationError {
                return
            } catch {
                log.error("A stack waits", ["stack": id, "error": "\(error)"])
                try? await clock.sleep(until: clock.now + Self.pauseAfterTrouble)
            }
        }
    }
}

/// The stacks that are being worked on.
private final class Running: Sendable {
    private let ids = Mutex<Set<String>>([])

    func begin(_ id: String) -> Bool { ids.withLock { $0.insert(id).inserted } }
    func end(_ id: String) { ids.withLock { _ = $0.remove(id) } }
}
