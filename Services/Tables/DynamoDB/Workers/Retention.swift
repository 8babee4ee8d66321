import ServiceKit

/// Forgets stream records after a day, tokens of transactions after ten minutes, changes that no recovery reaches,
/// imports after ninety days, and when items of global tables were written.
struct Retention: Sendable {
    static let streams = Duration.seconds(24 * 3600)
    static let imports = Duration.seconds(90 * 24 * 3600)
    /// More than the clocks of two regions may differ.
    static let versions = Duration.seconds(3600)
    private static let stride = 1000

    let tables: TableStore

    func run(at now: Timestamp) async throws {
        let limit = now - Self.streams
        while try await tables.write(.background, { try $0.trimRecords(before: limit, limit: Self.stride) }) {
            try Task.checkCancellation()
        }
        try await tables.write(.background) { transaction in
            try transaction.dropStreams(endedBefore: limit)
            try transaction.dropExpiredTokens(at: now)
            try transaction.dropImports(startedBefore: now - Self.imports)
        }
        try await trimHistory(at: now)
        try await trimVersions(at: now)
    }

    /// A table whose recovery was turned off remembers nothing.
    private func trimHistory(at now: Timestamp) async throws {
        let limits = tables.catalog.all.map { (table: $0, time: $0.recovery?.earliest(at: now) ?? now) }
        let due = try await tables.read { snapshot in
            try limits.filter { try snapshot.hasHistory(of: $0.table, before: $0.time) }
        }
        for (table, time) in due {
            while try await tables.write(
                .background, { try $0.trimHistory(of: table, before: time, limit: Self.stride) })
            {
                try Task.checkCancellation()
            }
        }
    }

    /// A version is kept as long as an older write of its item may still come.
    private func trimVersions(at now: Timestamp) async throws {
        for table in tables.catalog.replicas {
            guard let replication = table.replication else { continue }
            let oldest = try await tables.read { snapshot in
                try replication.replicas.compactMap { replica in
                    try snapshot.table(table.identity(in: replica.region))?.replication.flatMap {
                        try snapshot.oldestReplicaChange(of: $0)
                    }
                }.min()
            }
            let limit = min(ReplicaVersion.ticks(now - Self.versions), oldest ?? .max)
            while try await tables.write(
                .background, { try $0.trimVersions(of: replication, before: limit, limit: Self.stride) })
            {
                try Task.checkCancellation()
            }
        }
    }
}
