import Glibc
import Synchronization
import Threads

/// A SQLite file with one owner process, one writer thread and many readers.
///
/// Replicas on one machine may own a file together (`Options.isShared`): SQLite's own locks then order their commits,
/// and what is observed are only the commits of this process.
///
/// A `write` that returned survives the loss of power: `synchronous=FULL`, one sync for all writes that queued
/// meanwhile (group commit). A `read` sees everything written before it began, and waits for no writer.
public final class Database: Sendable {
    public struct Options: Sendable {
        /// Bytes; kept from the first opening. 8192 holds a 1 KiB row without overflow pages.
        public var pageSize = 8192
        /// Connections for concurrent reads, opened when first needed.
        public var readerLimit = 8
        /// Page cache of each connection; filled as pages are read.
        public var cacheKiB = 16384
        /// Of the file's beginning, how much readers see mapped into memory rather than read. Addresses, not memory.
        public var mappedBytes = 1 << 38
        /// Pages in the write-ahead log at which it starts over, once they are in the database.
        public var checkpointPages = 4000
        /// Whether other processes of this machine may own the file too, as long as all of them say so.
        public var isShared = false

        public init() {}
    }

    private let path: String
    private let writer: Writer
    private let checkpointer: Checkpointer
    private let readers: ReaderPool
    private let watch = WorkWatch()
    private let lock: Mutex<OwnerLock?>
    private let isSharingSnapshots: Bool

    /// Opens or creates the file at `path` (mode 0600, in a directory that exists) and applies the migrations.
    ///
    /// - Throws: `StorageError.inUse` if another process owns it, `.migration` if the schema is not ours or is newer.
    public init(path: String, migrations: [Migration], options: Options = Options()) throws {
        let lock = try OwnerLock(for: path, isShared: options.isShared)
        let (file, connection) = try Self.openMigrated(path, migrations, options)
        self.path = path
        isSharingSnapshots = !options.isShared
        readers = ReaderPool(file, limit: options.readerLimit) {
            try Connection(file, path: path, access: .readOnly, options: options)
        }
        checkpointer = try Checkpointer(
            on: try Connection(file, path: path, access: .moving, options: options),
            pageLimit: options.checkpointPages, watch: watch)
        writer = try Writer(on: connection, checkpointer: checkpointer, watch: watch)
        self.lock = Mutex(consume lock)
    }

    deinit { close() }

    /// Runs `body` on the writer thread, and returns its value once it is on disk.
    ///
    /// A body that throws changes nothing, and its error is thrown here. Bodies of one urgency run one after another in
    /// the order of the calls; they must not block on anything but the database.
    ///
    /// - Throws: `body`'s error, or a `StorageError` when the commit failed: then nothing is stored.
    public func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await write(.prompt, body)
    }

    /// The same, as soon as it is wanted.
    public func write<T: Sendable>(
        _ urgency: WriteUrgency, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            writer.submit(WriteRequest(body, continuation), urgency)
        }
    }

    /// Runs `body` here and now, on a snapshot of what is committed.
    ///
    /// The closure is synchronous so that no statement stays open across an `await`, which would hold the
    /// write-ahead log back. Read a lot in several pages rather than in one long closure.
    @inlinable
    public func read<T>(_ body: (Snapshot) throws -> T) async throws -> T {
        let snapshot = try await openSnapshot()
        let result = Result { try body(snapshot) }
        try close(snapshot)
        return try result.get()
    }

    @usableFromInline func openSnapshot() async throws -> Snapshot {
        if let shared = try snapshotOfTurn() { return shared }
        let connection = try await readers.take()
        do {
            try connection.beginReading()
        } catch {
            readers.giveBack(connection)
            throw error
        }
        return Snapshot(on: connection)
    }

    /// The one that the calling thread's turn shares, unless it is in none or all readers are lent. Where other processes
    /// commit too, nobody could tell whether it is still the latest.
    func snapshotOfTurn() throws -> Snapshot? {
        guard isSharingSnapshots, let turn = Turn.current else { return nil }
        // Counted before the snapshot opens: one that sees more than it says is only opened again too early.
        let commits = writer.commitNumber
        if let shared = turn.guest(of: readers) as? TurnSnapshot { return try shared.snapshot(after: commits) }
        guard let connection = try readers.takeNow() else { return nil }
        let shared = TurnSnapshot(on: connection, of: readers)
        turn.keep(shared, of: readers)
        return try shared.snapshot(after: commits)
    }

    /// - Throws: when the disk failed to deliver something: whatever was read is not to be believed.
    @usableFromInline func close(_ snapshot: Snapshot) throws {
        let connection = snapshot.invalidate()
        if let shared = snapshot.shared { return try shared.readEnded() }
        defer { readers.giveBack(connection) }
        try connection.endReading()
    }

    /// Calls `body` on the writer thread after each commit in which `topic` was announced. It must not block.
    public func observe(_ topic: String, _ body: @escaping @Sendable () -> Void) { writer.observers.add(topic, body) }

    /// Calls `body` on the writer thread with what a transaction told, once that is durable and before its writer is
    /// answered. It must not block.
    public func observe<News: Sendable>(_ type: News.Type, _ body: @escaping @Sendable (News) -> Void) {
        writer.observers.add(type, body)
    }

    /// Finishes the queued writes and lets go of the file; later calls throw `.closed`. Not to be called in a body.
    public func close() {
        writer.close()
        checkpointer.close()
        readers.close()
        lock.withLock { $0 = nil }
    }

    /// Commits since the opening, and the writes that were in them.
    public var commitCounts: CommitCounts { writer.counts }

    /// What became of the write-ahead log since the opening.
    public var logCounts: LogCounts { checkpointer.counts }

    /// Calls `body` after each thing the database's own threads did, on the thread that did it: for measurements.
    public func observeWork(_ body: @escaping @Sendable (StorageWork) -> Void) { watch.set(body) }

    /// Gives back the memory that pages take: those of readers if there were only few reads since the last call, the
    /// writer's if there were only few writes. They come back from the system's cache as they are wanted.
    ///
    /// - Returns: whether there is none to give back before more is done, of which `observeUse` tells.
    @discardableResult
    public func releaseIdleMemory() -> Bool {
        let readersAreReleased = readers.releaseIdleMemory()
        return writer.releaseIdleMemory() && readersAreReleased
    }

    /// Calls `body` once there were more than a few reads or the writer keeps more than a few pages, and again after
    /// each time memory was given back. It must not block.
    public func observeUse(_ body: @escaping @Sendable () -> Void) {
        readers.observeUse(body)
        writer.observeUse(body)
    }

    /// Why the write-ahead log could not be moved into the database lately; `nil` when all is well.
    public var checkpointError: StorageError? { checkpointer.lastError }

    private static func openMigrated(
        _ path: String, _ migrations: [Migration], _ options: Options
    ) throws -> (DatabaseFile, Connection) {
        let turn = options.isShared ? try OpeningTurn(for: path) : nil
        defer { turn?.end() }
        let file = try DatabaseFile(path: path, mappedBytes: options.mappedBytes)
        try syncDirectory(of: path)
        let connection = try Connection(file, path: path, access: .readWrite, options: options)
        try connection.migrate(migrations)
        return (file, connection)
    }

    /// A new name is durable only when its directory is synced.
    private static func syncDirectory(of path: String) throws {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError.opening(directory) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError.opening(directory) }
    }
}
