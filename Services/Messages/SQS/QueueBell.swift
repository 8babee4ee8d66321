import ServiceKit
import Synchronization

/// Wakes receivers that wait for a message, in this process and without asking the database.
///
/// A receiver takes a mark, looks into the queue, and waits for a ring after the mark: one in between is not lost.
final class QueueBell: Sendable {
    typealias Mark = UInt64

    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Void, Never>
    }
    private struct Line {
        var rings: Mark = 0
        var waiters: [Waiter] = []
    }
    private struct State {
        var lines: [Int64: Line] = [:]
        var nextWaiter: UInt64 = 0
        var isClosed = false
    }
    private let state = Mutex(State())

    func mark(of queue: Int64) -> Mark { state.withLock { $0.lines[queue]?.rings ?? 0 } }

    /// Wakes as many receivers as there are new messages, those that wait longest first.
    func ring(_ queue: Int64, messages: Int = 1) {
        let woken = state.withLock { state in
            var line = state.lines[queue] ?? Line()
            line.rings += 1
            let woken = line.waiters.prefix(messages)
            line.waiters.removeFirst(woken.count)
            state.lines[queue] = line
            return woken
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Returns at a ring after `mark`, at `limit`, when the bell is closed, or throws `CancellationError`.
    func wait(for queue: Int64, after mark: Mark, until limit: Timestamp, on clock: any WallClock) async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(for: queue, after: mark) }
            group.addTask { try? await clock.sleep(until: limit) }
            await group.next()
            group.cancelAll()
        }
        guard !Task.isCancelled else {
            // The ring may have been for this receiver, which will not take the message: let another.
            ring(queue)
            throw CancellationError()
        }
    }

    /// Lets every receiver go, now and later: the process stops.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.lines = [:] }
            return state.lines.values.flatMap(\.waiters)
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    private func wait(for queue: Int64, after mark: Mark) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard !Task.isCancelled, !state.isClosed, state.lines[queue]?.rings ?? 0 == mark else {
                        return false
                    }
                    state.lines[queue, default: Line()].waiters.append(Waiter(id: id, continuation: continuation))
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.lines[queue].flatMap { line in
                    line.waiters.firstIndex { $0.id == id }.map { index in
                        state.lines[queue]?.waiters.remove(at: index)
                    }
                }
            }
            waiter??.continuation.resume()
        }
    }
}
