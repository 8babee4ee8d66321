import ServiceKit

/// Clears away the rows of dropped tables and indexes, a little at a time, so that no request waits long behind it.
struct GarbageCollector: Sendable {
    private static let stride = 500

    let tables: TableStore

    /// Returns when nothing is left.
    func run() async throws {
        while try await tables.write(.background, { try $0.clearGarbage(limit: Self.stride) }) {
            try Task.checkCancellation()
        }
    }
}
