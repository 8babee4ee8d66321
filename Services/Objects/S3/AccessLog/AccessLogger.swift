import Bus
import ServiceKit
import Synchronization

/// Notes the calls to buckets that keep access logs.
///
/// The answer does not wait for its record: records are stored within a second, all of them in one transaction, and
/// delivered from there. A crash in that second loses them, as AWS may: it delivers "on a best effort basis".
final class AccessLogger: CallObserver {
    private static let limit = 20_000

    private struct Waiting {
        var calls: [AnsweredCall] = []
        var dropped = 0
    }

    private let watching = Atomic(false)
    private let waiting = Mutex(Waiting())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() { (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    var isWatching: Bool { watching.load(ordering: .relaxed) }

    /// Some bucket keeps logs. It stays so until the next start: that a call is of no interest is found out later too.
    func watch() { watching.store(true, ordering: .relaxed) }

    func answered(_ call: Call, input: [UInt8], with reply: BusReply, after duration: Duration) {
        let answered = AnsweredCall(call, input: input, reply: reply, duration: duration)
        waiting.withLock { waiting in
            guard waiting.calls.count < Self.limit else {
                waiting.dropped += 1
                return
            }
            waiting.calls.append(answered)
        }
        signal.yield()
    }

    /// Stores what was noted, a second after the first of it.
    func run(_ store: S3Store, _ clock: any WallClock, _ log: Log) async throws {
        for await _ in signals {
            try await clock.sleep(until: clock.now + .seconds(1))
            try await record(in: store, log)
        }
    }

    func record(in store: S3Store, _ log: Log) async throws {
        let (calls, dropped) = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return (waiting.calls, waiting.dropped)
        }
        if dropped > 0 { log.warning("Access records came faster than they are stored", ["dropped": "\(dropped)"]) }
        var lines: [PendingRecord] = []
        for call in calls {
            for (name, record) in call.records() {
                let reference = BucketReference(name: name)
                guard let bucket = try? await store.bucket(reference), bucket.configurations[.logging] != nil
                else { continue }
                let line = record.line(of: bucket, by: try await store.accessPoint(reference))
                lines.append(PendingRecord(bucket: bucket.name, time: call.now, line: line))
            }
        }
        guard !lines.isEmpty else { return }
        let pending = lines
        try await store.database.write { try $0.insert(pending) }
    }
}
