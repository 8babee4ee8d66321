import ServiceKit
import Synchronization

/// Keeps one poller running for every enabled mapping.
final class MappingSupervisor: Sendable {
    static let announcement = "lambda/mappings"

    private struct Running {
        let configuration: [UInt8]
        let task: Task<Void, Never>
    }

    private let polling: Polling
    private let changes: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(_ polling: Polling) {
        self.polling = polling
        (changes, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        polling.store.database.observe(Self.announcement) { [signal] in signal.yield() }
    }

    /// Mappings may have been changed by another replica.
    func lookAgain() { signal.yield() }

    func run() async throws {
        // What changed while nobody listened.
        signal.yield()
        var running: [String: Running] = [:]
        defer { for poller in running.values { poller.task.cancel() } }
        for await _ in changes {
            let mappings = try await polling.store.read { try $0.allMappings() }.filter(\.isEnabled)
            let wanted = Dictionary(uniqueKeysWithValues: mappings.map { ($0.id, $0) })
            for (id, poller) in running where wanted[id]?.encoded != poller.configuration {
                poller.task.cancel()
                await poller.task.value
                running[id] = nil
            }
            for (id, mapping) in wanted where running[id] == nil {
                let task = Task { [polling] in await polling.poll(mapping) }
                running[id] = Running(configuration: mapping.encoded, task: task)
            }
        }
    }
}

/// What pollers work with.
struct Polling: Sendable {
    let store: LambdaStore
    let fleet: Fleet
    let client: ServiceClient
    let destinations: DestinationSender
    let clock: any WallClock
    let log: Log

    /// Works for one mapping until cancelled.
    func poll(_ mapping: EventSourceMapping) async {
        // It throws only when cancelled.
        try? await Perseverance(in: mapping, self).untilDone {
            switch mapping.kind {
            case .queue: try await QueuePoller(mapping, self).run()
            case .tableStream: try await StreamPoller(mapping, self).run()
            case nil: return
            }
        }
    }

    /// The function a mapping feeds, as it is now.
    func function(of mapping: EventSourceMapping) async throws -> ResolvedFunction {
        try await store.resolve(mapping.functionKey, mapping.qualifier)
    }

    /// Gives a function a batch of records: JSON objects.
    func invoke(_ function: ResolvedFunction, records: [[UInt8]]) async throws -> InvocationResult {
        var json = JSONWriter(capacity: records.reduce(64) { $0 + $1.count + 1 })
        json.object {
            $0.member("Records") { $0.array { json in for record in records { json.raw(record) } } }
        }
        let request = InvocationRequest(
            requestID: Identifier.uuid(), payload: json.bytes, functionARN: function.arn.description)
        return try await fleet.invoke(function, request)
    }
}

/// Which records of a batch a function could not take.
enum BatchOutcome: Equatable {
    case success
    case failure
    /// By their identifiers: message ids or sequence numbers.
    case partial(Set<String>)

    init(_ result: InvocationResult, reportsItemFailures: Bool) {
        guard result.functionError == nil else {
            self = .failure
            return
        }
        guard reportsItemFailures, let response = try? JSONDocument(result.payload).root, response.kind == .object,
            let failures = response["batchItemFailures"], !failures.isNull
        else {
            self = .success
            return
        }
        let identifiers = failures.elements.map { $0["itemIdentifier"]?.string ?? "" }
        // An answer that cannot be understood is a failure of all.
        guard failures.kind == .array, !identifiers.contains("") else {
            self = .failure
            return
        }
        self = identifiers.isEmpty ? .success : .partial(Set(identifiers))
    }
}
