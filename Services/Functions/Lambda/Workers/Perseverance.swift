import ServiceKit
import Synchronization

/// Keeps one piece of a poller's work going: what fails is tried again, after a pause that grows to a few seconds.
///
/// The log tells when the work begins to fail, and when it goes on.
final class Perseverance: Sendable {
    private static let firstPause = Duration.milliseconds(200)
    /// By so much an event can be late when its source is back; a source that stays away costs a call as often.
    private static let longestPause = Duration.seconds(5)

    private let mapping: EventSourceMapping
    private let clock: any WallClock
    private let log: Log
    private let failures = Atomic(0)

    init(in mapping: EventSourceMapping, _ polling: Polling) {
        self.mapping = mapping
        (clock, log) = (polling.clock, polling.log)
    }

    /// Does the work until it succeeds.
    ///
    /// - Parameter isWorthIt: which failures are tried again; others are thrown.
    /// - Throws: `CancellationError` as soon as this task is cancelled.
    func untilDone<Value>(
        while isWorthIt: (any Error) -> Bool = { _ in true }, _ work: () async throws -> Value
    ) async throws -> Value {
        while true {
            do {
                let value = try await work()
                succeeded()
                return value
            } catch {
                // Not told from the error: work that was cancelled by someone else has failed, and is tried again.
                try Task.checkCancellation()
                guard isWorthIt(error) else { throw error }
                try await clock.sleep(until: clock.now + failed(error))
            }
        }
    }

    /// Says that long work is getting on: the next failure is a new one.
    func succeeded() {
        guard failures.load(ordering: .relaxed) > 0 else { return }
        let count = failures.exchange(0, ordering: .relaxed)
        guard count > 0 else { return }
        log.info(
            "An event source is read again",
            ["mapping": mapping.id, "source": mapping.source.description, "failures": "\(count)"])
    }

    /// Counts a failure and returns how long to rest.
    private func failed(_ error: any Error) -> Duration {
        let count = failures.add(1, ordering: .relaxed).newValue
        // Rarer and rarer, so that a source that is gone for good does not fill the log.
        if count & (count - 1) == 0 {
            log.warning(
                "An event source cannot be read",
                [
                    "mapping": mapping.id, "source": mapping.source.description, "failures": "\(count)",
                    "error": "\(error)",
                ])
        }
        return min(Self.firstPause * (1 << min(count - 1, 10)), Self.longestPause)
    }
}
