import Glibc
import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct WorkerTests {
    private func withStore(_ body: (S3Store, String) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let database = try Database(
                path: "\(folder)/objects.db", migrations: Schema.all)
            let files = try ByteFiles(folder: folder)
            let host = try ServiceHost("objects", configuration: Config(environment: ["APUS_DATA": folder]))
            let keys = ObjectKeys(try MasterKey(in: folder), KeyService(client: host.client))
            try await body(S3Store(database: database, files: files, keys: keys), folder)
            files.close()
            database.close()
            await host.close()
        }
    }

    private func store(_ bytes: [UInt8], as key: String, in store: S3Store) async throws -> [Segment] {
        let receiver = ContentReceiver(
            files: store.files, claim: .none(computing: .crc32), key: nil, allowsInline: false)
        let received = try await receiver.receive(ByteStream(bytes), declared: nil, limit: 1 << 30)
        guard case .segments(let segments) = received.content else { return [] }
        let headers = try ObjectHeaders(encoded: Array("{}".utf8))
        let draft = ObjectDraft(
            key: key, size: received.size, etag: "x", checksum: nil, headers: headers, tags: try Tags([]),
            storageClass: "STANDARD", content: received.content, encryption: nil)
        try await store.database.write { transaction in
            try transaction.createBucket(
                named: "b", account: "000000000000", region: "us-east-1", at: .now(), configurations: [:])
        }
        let bucket = try await store.bucket(BucketReference(name: "b"))
        let call = Call(
            caller: .root(of: bucket.account), service: "s3", operation: "PutObject", region: bucket.region,
            account: bucket.account, now: .now(), requestID: "1", deadline: .now() + .seconds(60))
        _ = try await store.database.write { try $0.put(draft, in: bucket, for: call) }
        return segments
    }

    @Test("Old files that no row refers to are removed, the others stay")
    func orphans() async throws {
        try await withStore { store, folder in
            let kept = try await self.store(testBytes(50_000), as: "a", in: store)
            let orphan = "\(folder)/bytes/00112233445566778899aabbccddeeff"
            close(open(orphan, O_WRONLY | O_CREAT, 0o600))
            let collector = OrphanCollector(store: store, clock: SystemClock())
            #expect(try await collector.collect(before: .now() - .seconds(3600)) == 0)
            #expect(try await collector.collect(before: .now() + .seconds(3600)) == 1)
            #expect(access(store.files.path(of: kept[0].file), F_OK) == 0)
            try await Self.until { access(orphan, F_OK) != 0 }
            #expect(access(store.files.path(of: kept[0].file), F_OK) == 0)
        }
    }

    @Test("However small the filter, files of objects and parts are kept, and all orphans are found in the end")
    func smallFilter() async throws {
        try await withStore { store, folder in
            let kept = try await self.store(testBytes(50_000), as: "a", in: store)[0].file
            for _ in 0..<1500 { close(open("\(folder)/bytes/\(ByteFiles.newName())", O_WRONLY | O_CREAT, 0o600)) }
            var collector = OrphanCollector(store: store, clock: SystemClock())
            // 64 bits, of which one place is taken.
            collector.capacity = 8
            var removed = 0
            for _ in 0..<20 where removed < 1500 {
                removed += try await collector.collect(before: .now() + .seconds(3600))
                try await Self.until { try FolderListing.names(in: "\(folder)/bytes").count == 1501 - removed }
            }
            #expect(try FolderListing.names(in: "\(folder)/bytes") == [kept])
        }
    }

    @Test("A filter knows every name it was given, and takes few others for one")
    func filter() throws {
        func names(_ count: Int) -> [FileName] { (0..<count).compactMap { _ in FileName(ByteFiles.newName().utf8) } }
        let (known, others) = (names(20_000), names(20_000))
        #expect(known.count == 20_000 && FileName(known[0].text.utf8) == known[0])
        for (bytes, most) in [(FileFilter.largest, 2), (1 << 14, 12_000)] {
            var filter = FileFilter(expecting: known.count, within: bytes)
            for name in known { filter.insert(name) }
            #expect(known.allSatisfy(filter.contains))
            #expect(others.filter(filter.contains).count <= most)
        }
        #expect(FileName("..".utf8) == nil && FileName(String(repeating: "g", count: 32).utf8) == nil)
        #expect(FileName.all(inSegments: "\(known[0].text) 5 1f - -\n\(known[1].text) 7 2") == Array(known[..<2]))
    }

    /// Files are removed by a thread of their own.
    private static func until(_ condition: () throws -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(10)
        while try !condition() {
            try #require(ContinuousClock.now < limit)
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test("A second name for old bytes is young: it is on its way into a row")
    func links() async throws {
        try await withStore { store, folder in
            let segments = try await self.store(testBytes(50_000), as: "a", in: store)
            let path = store.files.path(of: segments[0].file)
            var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
            #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
            let copy = try await store.files.link(segments)[0].file
            let collector = OrphanCollector(store: store, clock: SystemClock())
            #expect(try await collector.collect(before: .now() - .seconds(3600)) == 0)
            #expect(access(store.files.path(of: copy), F_OK) == 0)
        }
    }

    @Test("The scrubber finds a file with one bit turned, one cut short, and one that is gone")
    func rot() async throws {
        try await withStore { store, _ in
            let segment = try await self.store(testBytes(100_000), as: "a", in: store)[0]
            let path = store.files.path(of: segment.file)
            let scrubber = Scrubber(
                store: store, clock: SystemClock(), log: Log(service: "test", threshold: .error), metrics: Metrics())
            #expect(try await scrubber.scrub().isEmpty)
            let file = open(path, O_RDWR)
            var byte: UInt8 = 0
            #expect(pread(file, &byte, 1, 70_000) == 1)
            byte ^= 1
            #expect(pwrite(file, &byte, 1, 70_000) == 1)
            #expect(try await scrubber.scrub() == [segment.file])
            #expect(ftruncate(file, 10) == 0)
            #expect(try await scrubber.scrub() == [segment.file])
            close(file)
            unlink(path)
            #expect(try await scrubber.scrub() == [segment.file])
        }
    }

    @Test("What a crash left half written is gone soon after the next start, and what is on its way stays")
    func leftovers() async throws {
        try await withStore { store, folder in
            let half = ByteFiles.newName()
            close(open("\(folder)/bytes/\(half)", O_WRONLY | O_CREAT, 0o600))
            var collector = OrphanCollector(store: store, clock: SystemClock())
            let early = try await collector.collectLeftovers()
            #expect(early == 0)
            // As one that starts after the crash.
            collector.began = .now() + .seconds(5)
            let removed = try await collector.collectLeftovers()
            #expect(removed == 1)
            try await Self.until { access("\(folder)/bytes/\(half)", F_OK) != 0 }
        }
    }

    @Test("Files that an earlier version had not finished are removed with their folder")
    func incoming() async throws {
        try await TemporaryFolder.with { folder in
            #expect(mkdir("\(folder)/incoming", 0o700) == 0)
            close(open("\(folder)/incoming/half", O_WRONLY | O_CREAT, 0o600))
            _ = try ByteFiles(folder: folder)
            #expect(access("\(folder)/incoming", F_OK) != 0)
        }
    }

    @Test("Lifecycle rules expire objects by age, prefix and tag, old versions, and forgotten uploads")
    func lifecycle() async throws {
        try await TemporaryFolder.with { folder in
            try await TestHost.with("objects", folder: folder, { try await S3.services(on: $0) }) { host in
                let s3 = S3Fixture(host: host, folder: folder)
                try await s3.createBucket()
                try await s3.call(
                    "PutBucketLifecycleConfiguration",
                    #"""
                    {"Bucket":"pictures","LifecycleConfiguration":{"Rules":[
                      {"ID":"tmp","Status":"Enabled","Filter":{"And":{"Prefix":"tmp/","Tags":[{"Key":"k","Value":"v"}]}},"Expiration":{"Days":2}},
                      {"ID":"off","Status":"Disabled","Filter":{"Prefix":""},"Expiration":{"Days":1}},
                      {"ID":"uploads","Status":"Enabled","Filter":{"Prefix":""},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":1},"NoncurrentVersionExpiration":{"NoncurrentDays":1}}]}}
                    """#)
                try await s3.put("tmp/tagged", testBytes(40_000), #","Tagging":"k=v""#)
                try await s3.put("tmp/plain", [1])
                try await s3.put("kept", [1], #","Tagging":"k=v""#)
                try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"big"}"#)
                try await s3.call(
                    "PutBucketVersioning", #"{"Bucket":"pictures","VersioningConfiguration":{"Status":"Enabled"}}"#)
                try await s3.put("kept", [2])
                host.host.startWorkers()
                try await host.until { host.clock.sleeperCount >= 3 }
                #expect(try await s3.keys().count == 3)
                host.clock.advance(by: .seconds(4 * 24 * 3600))
                try await host.until { try await s3.keys() == ["kept", "tmp/plain"] }
                try await host.until {
                    let versions = try await s3.call("ListObjectVersions", #"{"Bucket":"pictures","Prefix":"kept"}"#)
                    return versions["Versions"]?.elements.map { _ in 1 }.count == 1
                }
                #expect(try await s3.get("kept").bytes == [2])
                try await host.until {
                    let uploads = try await s3.call("ListMultipartUploads", #"{"Bucket":"pictures"}"#)
                    return uploads["Uploads"]?.elements.map { _ in 1 }.count == 0
                }
            }
        }
    }
}
