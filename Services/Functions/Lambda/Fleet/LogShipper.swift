import ServiceKit
import Synchronization

/// Takes log events off the path of invocations and delivers them to CloudWatch Logs in batches.
final class LogShipper: Sendable {
    /// Bytes kept while Logs cannot be reached; beyond, the oldest batches are dropped and counted.
    private static let backlogLimit = 32 << 20
    /// PutLogEvents' limits, with room for the envelope.
    private static let batchBytes = 900_000
    private static let batchEvents = 5000
    private static let eventOverhead = 26

    private struct State {
        var waiting: [LogStream: [LogEvent]] = [:]
        var bytes = 0
        var dropped = 0
        var wake: CheckedContinuation<Void, Never>?
        var known: Set<LogStream> = []
        /// Groups whose last events were refused: said once, not for every invocation.
        var refused: Set<String> = []
    }

    private let client: ServiceClient
    private let clock: any WallClock
    private let log: Log
    private let state = Mutex(State())

    init(client: ServiceClient, clock: any WallClock, log: Log) {
        self.client = client
        self.clock = clock
        self.log = log
    }

    func add(_ events: [LogEvent], to stream: LogStream) {
        let wake = state.withLock { state in
            let size = events.reduce(0) { $0 + $1.message.count + Self.eventOverhead }
            guard state.bytes + size <= Self.backlogLimit else {
                state.dropped += events.count
                return nil as CheckedContinuation<Void, Never>?
            }
            state.bytes += size
            state.waiting[stream, default: []] += events
            defer { state.wake = nil }
            return state.wake
        }
        wake?.resume()
    }

    /// Delivers until cancelled; what cannot be delivered is tried again.
    func run() async throws {
        while !Task.isCancelled {
            await withTaskCancellationHandler {
                await waitForEvents()
            } onCancel: {
                state.withLock { state in
                    defer { state.wake = nil }
                    return state.wake
                }?.resume()
            }
            // Events of one invocation come in a burst: one call for all of them.
            try? await clock.sleep(until: clock.now + .milliseconds(50))
            if await !deliver() { try await clock.sleep(until: clock.now + .seconds(1)) }
        }
    }

    /// Delivers what waits, once. Whether all of it was taken.
    @discardableResult
    func deliver() async -> Bool {
        let (waiting, dropped) = state.withLock { state in
            defer { (state.waiting, state.bytes, state.dropped) = ([:], 0, 0) }
            return (state.waiting, state.dropped)
        }
        if dropped > 0 { log.error("Log events were dropped: CloudWatch Logs takes none", ["count": "\(dropped)"]) }
        var isComplete = true
        var isReachable = true
        for (stream, events) in waiting {
            // Whoever is away for one stream is away for all: each would wait for its own time-out.
            guard isReachable else {
                putBack(events, to: stream)
                continue
            }
            do {
                try await deliver(events, to: stream)
                state.withLock { _ = $0.refused.remove(stream.group) }
            } catch let error as ServiceError where error.code == "ResourceNotFoundException" {
                // Somebody deleted the group; it is made again, as on AWS.
                state.withLock { _ = $0.known.remove(stream) }
                isComplete = false
                putBack(events, to: stream)
            } catch let error as ServiceError where !error.isTransient {
                noteRefusal(error, of: stream)
            } catch {
                (isComplete, isReachable) = (false, false)
                putBack(events, to: stream)
            }
        }
        return isComplete
    }

    private func noteRefusal(_ error: ServiceError, of stream: LogStream) {
        guard state.withLock({ $0.refused.insert(stream.group).inserted }) else { return }
        log.warning("CloudWatch Logs refused a function's log", ["group": stream.group, "error": error.code])
    }

    private func waitForEvents() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if !state.waiting.isEmpty || Task.isCancelled { return true }
                state.wake = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    private func putBack(_ events: [LogEvent], to stream: LogStream) {
        state.withLock { state in
            state.bytes += events.reduce(0) { $0 + $1.message.count + Self.eventOverhead }
            state.waiting[stream] = events + (state.waiting[stream] ?? [])
        }
    }

    private func deliver(_ events: [LogEvent], to stream: LogStream) async throws {
        var rest = events.sorted { $0.time < $1.time }[...]
        if state.withLock({ $0.known.insert(stream).inserted }) { try await create(stream) }
        while !rest.isEmpty {
            var size = 0
            let batch = rest.prefix(Self.batchEvents).prefix { event in
                size += event.message.count + Self.eventOverhead
                return size <= Self.batchBytes
            }
            let sent = batch.isEmpty ? rest.prefix(1) : batch
            try await put(sent, to: stream)
            rest = rest.dropFirst(sent.count)
        }
    }

    private func create(_ stream: LogStream) async throws {
        for (operation, withStream) in [("CreateLogGroup", false), ("CreateLogStream", true)] {
            do {
                try await call(stream, operation) { json in
                    json.member("logGroupName", stream.group)
                    if withStream { json.member("logStreamName", stream.stream) }
                }
            } catch let error as ServiceError where error.code == "ResourceAlreadyExistsException" {
            } catch {
                state.withLock { _ = $0.known.remove(stream) }
                throw error
            }
        }
    }

    private func put(_ events: ArraySlice<LogEvent>, to stream: LogStream) async throws {
        try await call(stream, "PutLogEvents") { json in
            json.member("logGroupName", stream.group)
            json.member("logStreamName", stream.stream)
            json.member("logEvents") {
                $0.array { json in
                    for event in events {
                        json.object {
                            $0.member("timestamp", event.time.milliseconds)
                            $0.member("message", String(decoding: event.message, as: UTF8.self))
                        }
                    }
                }
            }
        }
    }

    /// As the function's role: a role that may not write logs leaves none, as on AWS.
    private func call(_ stream: LogStream, _ operation: String, _ input: (inout JSONWriter) -> Void) async throws {
        var options = ServiceClient.Options()
        options.region = stream.region
        let caller = Caller.role(stream.role, session: "logs")
        _ = try await client.call("logs", operation, as: caller, options: options, input: input)
    }
}

extension Caller {
    /// A session of a function's execution role.
    static func role(_ arn: String, session: String) -> Caller {
        let role = ARN(arn)
        let account = role?.account ?? ""
        let name = role?.resource.split(separator: "/").last.map(String.init) ?? ""
        return Caller(
            .assumedRole, account: account, arn: "arn:aws:sts::\(account):assumed-role/\(name)/\(session)",
            policyARN: arn)
    }
}
