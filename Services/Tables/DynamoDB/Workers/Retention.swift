import ServiceKit

/// Forgets stream records after a day, and tokens of transactions after ten minutes.
struct Retention: Sendable {
    static let streams = Duration.seconds(24 * 3600)
    private static let stride = 1000

    let tables: TableStore

    func run(at now: Timestamp) async throws {
        let limit = now - Self.streams
        while try await tables.write({ try $0.trimRecords(before: limit, limit: Self.stride) }) {
            try Task.checkCancellation()
        }
        try await tables.write { transaction in
            try transaction.dropStreams(endedBefore: limit)
            try transaction.dropExpiredTokens(at: now)
        }
    }
}
