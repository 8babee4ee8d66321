import Glibc
import ServiceKit

/// Removes files that no row refers to: a crash before they are recorded leaves them.
struct OrphanCollector: Sendable {
    /// Younger ones may be on their way into a row.
    static let age = Duration.seconds(24 * 3600)

    let store: S3Store
    let clock: any WallClock
    /// When this process came to own the files: older ones are on nobody's way any more. By the clock that files have,
    /// which is a little slow.
    private let began = Timestamp.now() - .seconds(1)

    init(store: S3Store, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Looks for what the process before this one left, and then through all files once a day.
    func run() async throws {
        try await collectLeftovers()
        while true {
            try await clock.sleep(until: clock.now + .seconds(24 * 3600))
            try await collect(before: clock.now - Self.age)
        }
    }

    /// What was there before this process. Returns the names of the files it removed.
    @discardableResult
    func collectLeftovers() async throws -> [String] { try await collect(before: began) }

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
