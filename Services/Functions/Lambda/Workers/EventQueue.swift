import ServiceKit
import Synchronization

/// Works through accepted asynchronous invocations: each is tried, tried again, and handed to its destination.
///
/// An event leaves the store only when it is done, so a crash repeats it and loses nothing.
final class EventQueue: Sendable {
    private static let concurrency = 64
    /// Lambda waits one minute before the first retry and two before the second.
    private static let retryDelays: [Duration] = [.seconds(60), .seconds(120)]
    private static let throttleDelays: [Duration] = [.seconds(1), .seconds(5), .seconds(30), .seconds(300)]
    static let announcement = "lambda/events"

    private struct State {
        var busy: Set<Int64> = []
        var throttles: [Int64: Int] = [:]
        var wake: CheckedContinuation<Void, Never>?
        var isDirty = true
    }

    private let store: LambdaStore
    private let fleet: Fleet
    private let destinations: DestinationSender
    private let clock: any WallClock
    private let log: Log
    private let state = Mutex(State())

    init(store: LambdaStore, fleet: Fleet, destinations: DestinationSender, clock: any WallClock, log: Log) {
        (self.store, self.fleet, self.destinations) = (store, fleet, destinations)
        (self.clock, self.log) = (clock, log)
        store.database.observe(Self.announcement) { [weak self] in self?.signal() }
    }

    /// Accepts an event: once this returns it will be run.
    func accept(
        _ payload: [UInt8], for function: ResolvedFunction, requestID: String, trace: String?, at now: Timestamp
    ) async throws {
        try await store.write { transaction in
            try self.accept(
                payload, for: function.version.key, qualifier: function.qualifier, requestID: requestID, trace: trace,
                at: now, in: transaction)
        }
    }

    /// Accepts an event together with what else the transaction stores.
    func accept(
        _ payload: [UInt8], for key: FunctionKey, qualifier: String?, requestID: String, trace: String?,
        at now: Timestamp, in transaction: Transaction
    ) throws {
        try transaction.enqueue(
            requestID: requestID, key, qualifier: qualifier, payload: payload, trace: trace, at: now)
        transaction.announce(Self.announcement)
    }

    /// Runs until cancelled.
    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let busy = state.withLock { state in
                    state.isDirty = false
                    return state.busy
                }
                let now = clock.now
                let room = Self.concurrency - busy.count
                let due = room == 0 ? [] : try await store.read { try $0.dueEvents(at: now, except: busy, limit: room) }
                for event in due {
                    state.withLock { _ = $0.busy.insert(event.id) }
                    group.addTask { await self.work(on: event) }
                }
                if due.isEmpty || due.count == room { try await waitForWork() }
            }
        }
    }

    private func work(on event: QueuedEvent) async {
        do {
            try await attempt(event)
        } catch {
            log.error(
                "An asynchronous invocation could not be recorded", ["request": event.requestID, "error": "\(error)"])
            // It stays in the store: tried again, without spinning on a broken disk.
            try? await clock.sleep(until: clock.now + .seconds(1))
        }
        state.withLock { _ = $0.busy.remove(event.id) }
        signal()
    }

    private func finish(_ event: QueuedEvent) async throws {
        try await store.write { try $0.finish(event) }
        state.withLock { _ = $0.throttles.removeValue(forKey: event.id) }
    }

    private func attempt(_ event: QueuedEvent) async throws {
        let configuration = try await configuration(of: event)
        let function: ResolvedFunction
        do {
            function = try await store.resolve(event.key, event.qualifier)
        } catch is ServiceError {
            return try await finish(event)
        }
        var request = InvocationRequest(
            requestID: event.requestID, payload: event.payload, functionARN: function.arn.description)
        request.trace = event.trace
        do {
            let result = try await fleet.invoke(function, request)
            try await conclude(event, function, result, configuration)
        } catch let error as ServiceError {
            try await postpone(event, function, error, configuration)
        }
    }

    private func conclude(
        _ event: QueuedEvent, _ function: ResolvedFunction, _ result: InvocationResult,
        _ configuration: EventConfiguration
    ) async throws {
        let attempts = event.attempts + 1
        let delay = Self.retryDelays[min(attempts, Self.retryDelays.count) - 1]
        let isOld = clock.now + delay - event.accepted > .seconds(configuration.maximumAgeSeconds)
        if result.functionError != nil, attempts <= configuration.retryAttempts, !isOld {
            let due = clock.now + delay
            return try await store.write { try $0.postpone(event, until: due, attempts: attempts) }
        }
        let ending = InvocationRecord(
            event: event, function: function, result: result, attempts: attempts,
            condition: result.functionError == nil ? .success : isOld ? .eventAgeExceeded : .retriesExhausted)
        try await destinations.send(ending, configuration.destinations)
        try await finish(event)
    }

    /// Throttles and faults of ours do not count as attempts.
    private func postpone(
        _ event: QueuedEvent, _ function: ResolvedFunction, _ error: ServiceError, _ configuration: EventConfiguration
    ) async throws {
        if clock.now - event.accepted > .seconds(configuration.maximumAgeSeconds) {
            let result = InvocationResult.failure(type: error.code, error.message)
            let ending = InvocationRecord(
                event: event, function: function, result: result, attempts: event.attempts,
                condition: .eventAgeExceeded)
            try await destinations.send(ending, configuration.destinations)
            return try await finish(event)
        }
        let count = state.withLock { state in
            defer { state.throttles[event.id, default: 0] += 1 }
            return state.throttles[event.id] ?? 0
        }
        let due = clock.now + Self.throttleDelays[min(count, Self.throttleDelays.count - 1)]
        try await store.write { try $0.postpone(event, until: due, attempts: event.attempts) }
    }

    private func configuration(of event: QueuedEvent) async throws -> EventConfiguration {
        let qualifier = event.qualifier ?? FunctionVersion.latest
        let stored = try await store.read { try $0.eventConfiguration(of: event.key, qualifier: qualifier) }
        return stored ?? EventConfiguration(functionARN: event.key.arn(qualifier).description, at: clock.now)
    }

    /// Events may have been accepted by another replica.
    func lookAgain() { signal() }

    private func signal() {
        state.withLock { state in
            state.isDirty = true
            defer { state.wake = nil }
            return state.wake
        }?.resume()
    }

    /// Returns when something was accepted or finished, or the next event is due.
    private func waitForWork() async throws {
        let busy = state.withLock { $0.busy }
        let next = try await store.read { try $0.nextDueTime(except: busy) }
        let timer = next.map { due in
            Task { [clock] in
                try? await clock.sleep(until: due)
                self.signal()
            }
        }
        defer { timer?.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.isDirty || Task.isCancelled { return true }
                    state.wake = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            signal()
        }
    }
}
