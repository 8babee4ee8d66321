import ServiceKit

/// Works off one shard in order: each batch until it is taken, or given up as the mapping says.
struct ShardReader: Sendable {
    /// The checkpoint of a closed shard that is worked off.
    static let end = "end"
    private static let pollInterval = Duration.milliseconds(200)
    private static let retryDelays: [Duration] = [
        .milliseconds(100), .milliseconds(500), .seconds(1), .seconds(2), .seconds(5),
    ]
    private static let recordLimit = 1000
    /// Room for the envelope within the payload's limit.
    private static let payloadBytes = 6_000_000

    private let shard: String
    private let mapping: EventSourceMapping
    private let polling: Polling
    private let onProgress: @Sendable () -> Void
    private let patterns: [EventPattern]

    /// - Parameter onProgress: called whenever the stream has answered.
    init(
        _ shard: String, of mapping: EventSourceMapping, _ polling: Polling,
        onProgress: @escaping @Sendable () -> Void
    ) throws {
        (self.shard, self.mapping, self.polling, self.onProgress) = (shard, mapping, polling, onProgress)
        patterns = try mapping.settings.filters?.patterns() ?? []
    }

    func run() async throws {
        var iterator = try await firstIterator()
        var waiting: [StreamRecord] = []
        var windowEnd: Timestamp?
        let size = mapping.settings.batchSize ?? 100
        while let current = iterator {
            let (records, next) = try await records(at: current)
            onProgress()
            waiting += records
            iterator = next
            let window = Duration.seconds(mapping.settings.windowSeconds ?? 0)
            if windowEnd == nil, !waiting.isEmpty { windowEnd = polling.clock.now + window }
            while !waiting.isEmpty, waiting.count >= size || next == nil || polling.clock.now >= windowEnd ?? .now() {
                let batch = Self.batch(of: waiting, upTo: size)
                try await handOver(batch)
                waiting.removeFirst(batch.count)
            }
            if waiting.isEmpty { windowEnd = nil }
            if records.isEmpty, next != nil {
                try await polling.clock.sleep(until: polling.clock.now + Self.pollInterval)
            }
        }
        try await checkpoint(Self.end)
    }

    /// What was worked off is passed over; a new mapping begins where it was told to.
    private func firstIterator() async throws -> String? {
        let checkpoint = try await polling.store.read { try $0.checkpoint(of: mapping.id, shard: shard) }
        if checkpoint == Self.end { return nil }
        let reply = try await polling.streams(mapping, "GetShardIterator") { json in
            json.member("StreamArn", mapping.source)
            json.member("ShardId", shard)
            // LATEST means "since the mapping was made": old records are left out by their time, so that
            // none is missed between its making and the first poll, or by a restart in between.
            json.member("ShardIteratorType", checkpoint == nil ? "TRIM_HORIZON" : "AFTER_SEQUENCE_NUMBER")
            json.member("SequenceNumber", checkpoint)
        }
        return try Members(reply.output)("ShardIterator")
    }

    private func records(at iterator: String) async throws -> ([StreamRecord], next: String?) {
        let reply = try await polling.streams(mapping, "GetRecords") { json in
            json.member("ShardIterator", iterator)
            json.member("Limit", Self.recordLimit)
        }
        let member = try Members(reply.output)
        let values: [JSONValue] = try member("Records") ?? []
        let records = try values.map { try StreamRecord($0, source: mapping.source) }
        return (records.filter(isWanted), try member("NextShardIterator"))
    }

    private func isWanted(_ record: StreamRecord) -> Bool {
        // Records tell their time in whole seconds.
        if mapping.startingPosition == "LATEST", record.created.seconds < mapping.created.seconds { return false }
        guard !patterns.isEmpty else { return true }
        guard let document = try? JSONDocument(record.json).root else { return false }
        return patterns.contains { $0.matches(document) }
    }

    private static func batch(of records: [StreamRecord], upTo size: Int) -> [StreamRecord] {
        var bytes = 0
        let batch = records.prefix(size).prefix { record in
            bytes += record.json.count
            return bytes <= payloadBytes
        }
        return batch.isEmpty ? Array(records.prefix(1)) : Array(batch)
    }

    /// Tries a batch until it is taken or given up; then its last record is behind us.
    private func handOver(_ records: [StreamRecord]) async throws {
        var rest = records
        var attempts = 0
        while let last = rest.last {
            switch try await attempt(rest) {
            case .success:
                return try await checkpoint(last.sequence)
            case .partial(let failed):
                guard let first = rest.firstIndex(where: { failed.contains($0.sequence) }) else { fallthrough }
                if first > 0 {
                    try await checkpoint(rest[first - 1].sequence)
                    rest.removeFirst(first)
                    attempts = 0
                    continue
                }
                fallthrough
            case .failure:
                // Splitting is not counted as a retry.
                if mapping.settings.bisects == true, rest.count > 1, !isTooOld(rest) {
                    let half = rest.count / 2
                    try await handOver(Array(rest[..<half]))
                    return try await handOver(Array(rest[half...]))
                }
                attempts += 1
                if isTooOld(rest) || hasUsedUpRetries(after: attempts) {
                    try await giveUp(rest, after: attempts)
                    return try await checkpoint(last.sequence)
                }
                let delay = Self.retryDelays[min(attempts, Self.retryDelays.count) - 1]
                try await polling.clock.sleep(until: polling.clock.now + delay)
            }
        }
    }

    private func attempt(_ records: [StreamRecord]) async throws -> BatchOutcome {
        while true {
            do {
                let function = try await polling.function(of: mapping)
                let result = try await polling.invoke(function, records: records.map(\.json))
                return BatchOutcome(result, reportsItemFailures: mapping.settings.reportsItemFailures)
            } catch let error as ServiceError where error.isTransient {
                // Throttles do not count as attempts.
                try await polling.clock.sleep(until: polling.clock.now + .seconds(1))
            }
        }
    }

    private func hasUsedUpRetries(after attempts: Int) -> Bool {
        guard let limit = mapping.settings.maximumRetryAttempts, limit >= 0 else { return false }
        return attempts > limit
    }

    private func isTooOld(_ records: [StreamRecord]) -> Bool {
        guard let age = mapping.settings.maximumRecordAgeSeconds, age >= 0, let oldest = records.first else {
            return false
        }
        return polling.clock.now - oldest.created > .seconds(age)
    }

    private func giveUp(_ records: [StreamRecord], after attempts: Int) async throws {
        polling.log.warning("A batch of records was given up", ["mapping": mapping.id, "records": "\(records.count)"])
        guard let target = mapping.settings.destinations?.onFailure?.destination else { return }
        let function = try await polling.function(of: mapping)
        let report = DiscardedBatch(
            records: records, shard: shard, mapping: mapping, version: function.version.version, attempts: attempts)
        try await polling.destinations.deliver(
            String(decoding: report.document(at: polling.clock.now), as: UTF8.self), to: target,
            as: function.version.role)
    }

    private func checkpoint(_ sequence: String) async throws {
        try await polling.store.write { try $0.setCheckpoint(sequence, of: mapping.id, shard: shard) }
    }
}
