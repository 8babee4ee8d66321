import ServiceKit
import Synchronization

/// Derived images on disk, as many as there is room for: those that were not asked for longest go first.
///
/// A file of its own, `derived.db`, opened by the first request for an image. Whoever deletes it loses nothing that is
/// not made again.
final class DerivedImageStore: Sendable {
    private static let touchLimit = 10_000

    private struct State {
        var database: Database?
        /// When images were last asked for, since the last one was stored: what to evict is only asked then.
        var touched: [Int64: Timestamp] = [:]
    }

    private let state = Mutex(State())
    private let open: @Sendable () throws -> Database
    private let limit: Int64

    /// - Parameter limit: bytes of images; a little more is taken for what stands beside them.
    init(limit: Int64, open: @escaping @Sendable () throws -> Database) {
        self.limit = limit
        self.open = open
    }

    /// What was kept for a request, or for all requests of the object.
    func image(_ request: ImageRequest, of object: StoredObject, at now: Timestamp) async throws -> SealedImage? {
        guard let (id, image) = try await database().read({ try $0.derivedImage(request, of: object) }) else {
            return nil
        }
        state.withLock { state in
            if state.touched.count < Self.touchLimit { state.touched[id] = now }
        }
        return image
    }

    func store(_ image: SealedImage, at now: Timestamp) async throws {
        let limit = limit
        let touched = state.withLock { state in
            defer { state.touched = [:] }
            return state.touched
        }
        try await database().write { transaction in
            for (id, time) in touched { try transaction.touchDerivedImage(id, at: time) }
            try transaction.put(image, at: now)
            try transaction.evictDerivedImages(downTo: limit)
        }
    }

    /// What is kept, in bytes.
    var total: Int64 { get async throws { try await database().read { try $0.totalOfDerivedImages() } } }

    private func database() throws -> Database {
        try state.withLock { state in
            if let database = state.database { return database }
            let opened = try open()
            state.database = opened
            return opened
        }
    }
}

extension Schema {
    static let derivedImageMigrations = [
        Migration(
            1,
            """
            -- One image as it was made of one version of an object, enciphered; the bytes come last, so that looking
            -- for what to evict does not read them. An empty type: why there is no image.
            CREATE TABLE derived_image (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                object INTEGER NOT NULL,
                request TEXT NOT NULL,
                etag TEXT NOT NULL,
                type TEXT NOT NULL,
                size INTEGER NOT NULL,
                used INTEGER NOT NULL,
                bytes BLOB NOT NULL
            );
            CREATE UNIQUE INDEX derived_image_request ON derived_image (object, request);
            CREATE INDEX derived_image_used ON derived_image (used, id);

            CREATE TABLE derived_total (bytes INTEGER NOT NULL);
            INSERT INTO derived_total VALUES (0);
            """)
    ]
}

extension Snapshot {
    fileprivate func derivedImage(
        _ request: ImageRequest, of object: StoredObject
    ) throws -> (id: Int64, image: SealedImage)? {
        try first(
            """
            SELECT id, request, type, bytes FROM derived_image
            WHERE object = ? AND request IN (?, ?) AND etag = ? LIMIT 1
            """, object.id, request.name, ImageRequest.nameOfAll, object.etag
        ) { row in
            let image = SealedImage(
                object: object.id, etag: object.etag, request: try row[1], type: try row[2], bytes: try row[3])
            return (try row[0], image)
        }
    }

    /// Bytes of all images.
    fileprivate func totalOfDerivedImages() throws -> Int64 { try value("SELECT bytes FROM derived_total") ?? 0 }
}

extension Transaction {
    fileprivate func touchDerivedImage(_ id: Int64, at now: Timestamp) throws {
        try execute("UPDATE derived_image SET used = ? WHERE id = ?", now, id)
    }

    /// In place of what was kept for the same request of an object that is no more.
    fileprivate func put(_ image: SealedImage, at now: Timestamp) throws {
        let replaced: (id: Int64, size: Int64)? = try first(
            "SELECT id, size FROM derived_image WHERE object = ? AND request = ?", image.object, image.request
        ) { (try $0[0], try $0[1]) }
        if let replaced { try deleteDerivedImage(replaced.id, size: replaced.size) }
        try execute(
            "INSERT INTO derived_image (object, request, etag, type, size, used, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)",
            image.object, image.request, image.etag, image.type, image.bytes.count, now, image.bytes)
        try execute("UPDATE derived_total SET bytes = bytes + ?", image.bytes.count)
    }

    /// Frees a tenth more than it must, so that the next few images need not.
    fileprivate func evictDerivedImages(downTo limit: Int64) throws {
        var total = try totalOfDerivedImages()
        guard total > limit else { return }
        while total > limit / 10 * 9 {
            let oldest: [(id: Int64, size: Int64)] = try rows(
                "SELECT id, size FROM derived_image ORDER BY used, id LIMIT 16"
            ) { (try $0[0], try $0[1]) }
            if oldest.isEmpty { return }
            for image in oldest where total > limit / 10 * 9 {
                try deleteDerivedImage(image.id, size: image.size)
                total -= image.size
            }
        }
    }

    private func deleteDerivedImage(_ id: Int64, size: Int64) throws {
        try execute("DELETE FROM derived_image WHERE id = ?", id)
        try execute("UPDATE derived_total SET bytes = bytes - ?", size)
    }
}
