import Glibc
import ServiceKit

/// Removes files that no row refers to: a crash before they are recorded leaves them.
///
/// It goes once through the rows and once through the folder, in small steps with pauses between them, so that nobody
/// notices. What it knows of the rows is a filter of bounded size, which takes a few orphans for files in use, and never a
/// file in use for an orphan; the next pass takes others. So a pass takes time in proportion to the store, and no more
/// memory than `FileFilter.largest`.
struct OrphanCollector: Sendable {
    /// Younger ones may be on their way into a row.
    static let age = Duration.seconds(24 * 3600)
    /// After a start others have things to do.
    private static let patience = Duration.seconds(60)
    private static let pause = Duration.milliseconds(5)
    /// Rows of a step.
    private static let step = 500
    /// Names of a step, which are read faster.
    private static let names = 2000

    let store: S3Store
    let clock: any WallClock
    /// Bytes that the filter may take.
    var capacity = FileFilter.largest
    /// When this process came to own the files: older ones are on nobody's way any more. By the clock that files have,
    /// which is a little slow.
    var began = Timestamp.now() - .seconds(1)

    init(store: S3Store, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Looks for what the process before this one left, and then through all files once a day.
    func run() async throws {
        try await clock.sleep(until: clock.now + Self.patience)
        try await collectLeftovers()
        while true {
            try await clock.sleep(until: clock.now + .seconds(24 * 3600))
            try await collect(before: clock.now - Self.age)
        }
    }

    /// What was there before this process. Returns how many files it removed.
    @discardableResult
    func collectLeftovers() async throws -> Int { try await collect(before: began) }

    /// Returns how many files it removed.
    ///
    /// The rows first: a file that is old has had its row for as long, or never will have one. Of the rows the parts
    /// first: one that becomes part of an object meanwhile has been seen, or its object is.
    @discardableResult
    func collect(before limit: Timestamp) async throws -> Int {
        var count = 0
        try await walk { count += $0.count }
        guard count > 0 else { return 0 }
        var used = FileFilter(expecting: count, within: capacity)
        try await look(from: PartPosition.start, &used) { try $0.partFiles(after: $1, limit: Self.step) }
        try await look(from: 0, &used) { try $0.objectFiles(after: $1, limit: Self.step) }
        var removed = 0
        try await walk { names in
            let orphans = try await old(names.filter { !used.contains($0) }, limit)
            store.files.remove(orphans)
            removed += orphans.count
        }
        return removed
    }

    private func walk(_ take: ([FileName]) async throws -> Void) async throws {
        let walk = try FolderWalk("\(store.files.folder)/bytes")
        while true {
            let names = try await store.files.pool.run { walk.next(Self.names) }
            guard !names.isEmpty else { return }
            try await take(names.compactMap(FileName.init))
            try await Task.sleep(for: Self.pause)
        }
    }

    private func look<Position: Sendable>(
        from start: Position, _ used: inout FileFilter,
        page: (Snapshot, Position) throws -> (files: [FileName], next: Position?)
    ) async throws {
        var position = start
        while true {
            let current = position
            let (files, next) = try await store.read { try page($0, current) }
            for file in files { used.insert(file) }
            guard let next else { return }
            position = next
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Those that nobody touched since.
    private func old(_ names: [FileName], _ limit: Timestamp) async throws -> [String] {
        guard !names.isEmpty else { return [] }
        let files = store.files
        return try await files.pool.run { names.map(\.text).filter { Self.isOlder(files.path(of: $0), limit) } }
    }

    /// By the time of the last change to the file itself, which a second name is: a copy of an old object's bytes, on its
    /// way into a row, is not old.
    private static func isOlder(_ path: String, _ limit: Timestamp) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && Int64(status.st_ctim.tv_sec) < limit.seconds
    }
}
