import ServiceKit

/// Deletes events past their group's retention, and what deleted groups and streams left behind.
struct Trimmer: Sendable {
    /// So many events go in one transaction: writers in between do not wait long.
    private static let chunk = 1000
    private static let interval = Duration.seconds(60)

    let logs: LogStore
    let clock: any WallClock

    func run() async throws {
        while !Task.isCancelled {
            try await runOnce()
            try await clock.sleep(until: clock.now + Trimmer.interval)
        }
    }

    func runOnce() async throws {
        let now = clock.now
        for group in try await logs.read({ try $0.logGroupsWithRetention() }) {
            guard let days = group.retentionDays else { continue }
            let limit = now - .seconds(Int64(days) * 86_400)
            try await repeatedly { try $0.deleteEvents(of: group.id, before: limit, limit: Trimmer.chunk) }
        }
        for group in try await logs.read({ try $0.deletedLogGroups() }) {
            let end = Timestamp(milliseconds: .max)
            try await repeatedly { try $0.deleteEvents(of: group, before: end, limit: Trimmer.chunk) }
            try await logs.write { try $0.dropLogGroup(group) }
        }
        for stream in try await logs.read({ try $0.deletedLogStreams() }) {
            try await repeatedly { try $0.deleteEvents(ofStream: stream, limit: Trimmer.chunk) }
            try await logs.write { try $0.dropLogStream(stream) }
        }
    }

    private func repeatedly(_ body: @escaping @Sendable (Transaction) throws -> Int) async throws {
        while try await logs.write(body) == Trimmer.chunk {}
    }
}
