import Glibc
import ServiceKit

/// Removes files that no row refers to: a crash between rename and record leaves them.
struct OrphanCollector: Sendable {
    /// Younger ones may be on their way into a row.
    static let age = Duration.seconds(24 * 3600)

    let store: S3Store
    let clock: any WallClock

    /// Looks through all files once a day.
    func run() async throws {
        while true {
            try await collect(before: clock.now - Self.age)
            try await clock.sleep(until: clock.now + .seconds(24 * 3600))
        }
    }

    /// Returns the names of the files it removed.
    @discardableResult
    func collect(before limit: Timestamp) async throws -> [String] {
        let files = store.files
        let old = try await files.pool.run {
            try FolderListing.names(in: "\(files.folder)/bytes").filter { Self.isOlder(files.path(of: $0), limit) }
        }
        guard !old.isEmpty else { return [] }
        let used = try await store.read { try $0.allFiles() }
        let orphans = old.filter { !used.contains($0) }
        files.remove(orphans)
        return orphans
    }

    private static func isOlder(_ path: String, _ limit: Timestamp) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && Int64(status.st_mtim.tv_sec) < limit.seconds
    }
}
