import ServiceKit

/// Forgets stream records after a day, tokens of transactions after ten minutes, changes that no recovery reaches, and
/// imports after ninety days.
struct Retention: Sendable {
    static let streams = Duration.seconds(24 * 3600)
    static let imports = Duration.seconds(90 * 24 * 3600)
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
            try transaction.dropImports(startedBefore: now - Self.imports)
        }
        try await trimHistory(at: now)
    }

    /// A table whose recovery was turned off remembers nothing.
    private func trimHistory(at now: Timestamp) async throws {
        let limits = tables.catalog.all.map { (table: $0, time: $0.recovery?.earliest(at: now) ?? now) }
        let due = try await tables.read { snapshot in
            try limits.filter { try snapshot.hasHistory(of: $0.table, before: $0.time) }
        }
        for (table, time) in due {
            while try await tables.write({ try $0.trimHistory(of: table, before: time, limit: Self.stride) }) {
                try Task.checkCancellation()
            }
        }
    }
}
