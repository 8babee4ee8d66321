import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite("Derived images at rest")
struct DerivedImageStoreTests {
    private let key = [UInt8](repeating: 1, count: 32)
    private let now = Timestamp(seconds: 1_800_000_000)

    private func with(limit: Int64 = 1 << 20, folder: String, _ body: (DerivedImageStore) async throws -> Void)
        async throws
    {
        let database = try Database(path: "\(folder)/derived.db", migrations: Schema.derivedImageMigrations)
        defer { database.close() }
        try await body(DerivedImageStore(limit: limit) { database })
    }

    private func object(_ id: Int64, etag: String = "e") throws -> StoredObject {
        StoredObject(
            id: id, key: "k", version: "null", isDeleteMarker: false, modified: now, size: 1, etag: etag,
            storageClass: "STANDARD", checksum: nil, encodedHeaders: Array("{}".utf8), tags: try Tags(encoded: nil),
            segments: [],
            isInline: true, encryption: nil, lock: ObjectLock(), list: nil, replication: nil)
    }

    private func request(_ width: Int) throws -> ImageRequest {
        try #require(try ImageRequest(query: "w=\(width)", accept: nil, rules: ImageRules("on")))
    }

    private func image(_ count: Int) -> DerivedImage { .image(type: "image/png", bytes: testBytes(count)) }

    private func store(
        _ image: DerivedImage, _ id: Int64, _ width: Int, in store: DerivedImageStore, at seconds: Int = 0
    ) async throws {
        let sealed = try SealedImage(image, of: try object(id), request(width), under: key)
        try await store.store(sealed, at: now + .seconds(seconds))
    }

    @Test("They are there after a restart, for the object, the request and the key they were made for")
    func durable() async throws {
        try await TemporaryFolder.with { folder in
            try await with(folder: folder) { try await store(image(1000), 1, 5, in: $0) }
            try await with(folder: folder) { store in
                let kept = try #require(try await store.image(request(5), of: try object(1), at: now))
                #expect(try kept.opened(with: key) == image(1000))
                #expect(try kept.opened(with: [UInt8](repeating: 2, count: 32)) == nil)
                #expect(!kept.bytes.contains(subsequence: testBytes(16)))
                #expect(try await store.image(request(6), of: try object(1), at: now) == nil)
                #expect(try await store.image(request(5), of: try object(2), at: now) == nil)
                #expect(try await store.image(request(5), of: try object(1, etag: "f"), at: now) == nil)
            }
        }
    }

    @Test("Those that nobody asked for longest make room; what was asked for since stays")
    func eviction() async throws {
        try await TemporaryFolder.with { folder in
            try await with(limit: 100_000, folder: folder) { store in
                for id in 1...9 { try await self.store(image(10_000), Int64(id), 5, in: store, at: id) }
                _ = try await store.image(request(5), of: try object(1), at: now + .seconds(100))
                for id in 10...12 { try await self.store(image(10_000), Int64(id), 5, in: store, at: 100 + id) }
                var left: [Int64] = []
                for id in 1...12 where try await store.image(request(5), of: try object(Int64(id)), at: now) != nil {
                    left.append(Int64(id))
                }
                #expect(left.contains(1) && left.contains(12) && !left.contains(2))
                #expect(try await store.total <= 100_000)
            }
        }
    }

    @Test("An image in another's place does not count twice")
    func replaced() async throws {
        try await TemporaryFolder.with { folder in
            try await with(folder: folder) { store in
                try await self.store(image(1000), 1, 5, in: store)
                let once = try await store.total
                try await self.store(image(1000), 1, 5, in: store)
                #expect(try await store.total == once && once >= 1000)
            }
        }
    }
}

extension [UInt8] {
    fileprivate func contains(subsequence other: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: other) }
    }
}
