import ServiceKit

/// An event as `PutLogEvents` gives it.
struct EventEntry: InputShape {
    let timestamp: Timestamp
    let message: String

    init(_ member: Members) throws {
        timestamp = Timestamp(milliseconds: try member("timestamp"))
        message = try member("message")
    }

    init(timestamp: Timestamp, message: String) {
        self.timestamp = timestamp
        self.message = message
    }

    var byteCount: Int { message.utf8.count + LogEvent.overhead }
}

/// A batch that was checked, split into what is stored and what is not.
struct EventBatch: Sendable {
    static let sizeLimit = 1_048_576
    static let countLimit = 10_000

    /// Which events were not accepted; bounds as AWS tells them.
    struct Rejection: OutputShape, Equatable {
        var tooNewStart: Int?
        var tooOldEnd: Int?
        var expiredEnd: Int?

        func write(to json: inout JSONWriter) {
            json.member("tooNewLogEventStartIndex", tooNewStart)
            json.member("tooOldLogEventEndIndex", tooOldEnd)
            json.member("expiredLogEventEndIndex", expiredEnd)
        }
    }

    let accepted: ArraySlice<EventEntry>
    let rejection: Rejection?

    /// - Throws: `InvalidParameterException` for what makes AWS refuse the batch whole.
    static func check(_ entries: [EventEntry]) throws {
        guard !entries.isEmpty else { throw refusal(entries.count, "greater than or equal to 1") }
        guard entries.count <= countLimit else { throw refusal(entries.count, "less than or equal to 10000") }
        for entry in entries where entry.byteCount > sizeLimit {
            throw ServiceError.invalidParameter(
                "Log event too large: \(entry.byteCount) bytes exceeds limit of \(sizeLimit)")
        }
        let bytes = entries.reduce(0) { $0 + $1.byteCount }
        guard bytes <= sizeLimit else {
            throw ServiceError.invalidParameter("Upload too large: \(bytes) bytes exceeds limit of \(sizeLimit)")
        }
        for (earlier, later) in zip(entries, entries.dropFirst()) where later.timestamp < earlier.timestamp {
            throw ServiceError.invalidParameter(
                "Log events in a single PutLogEvents request must be in chronological order.")
        }
    }

    /// Splits a checked batch by age.
    init(_ entries: [EventEntry], retentionDays: Int?, at now: Timestamp) throws {
        let oldest = now - .seconds(14 * 86_400)
        let expired = retentionDays.map { now - .seconds(Int64($0) * 86_400) }
        let newest = now + .seconds(2 * 3600)
        var rejection = Rejection()
        let tooOld = entries.prefix { $0.timestamp < oldest }.count
        let gone = expired.map { limit in entries.prefix { $0.timestamp < limit }.count } ?? 0
        let tooNew = entries.firstIndex { $0.timestamp > newest }
        if gone > 0 { rejection.expiredEnd = gone }
        if tooOld > 0 { rejection.tooOldEnd = tooOld }
        rejection.tooNewStart = tooNew
        let start = max(tooOld, gone)
        accepted = entries[start..<max(start, tooNew ?? entries.count)]
        self.rejection = rejection == Rejection() ? nil : rejection
        if let first = accepted.first, let last = accepted.last, last.timestamp - first.timestamp > .seconds(86_400) {
            throw ServiceError.invalidParameter(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
        }
    }

    private static func refusal(_ count: Int, _ constraint: String) -> ServiceError {
        .invalidParameter(
            "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length "
                + constraint)
    }
}
