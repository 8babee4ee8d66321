import Glibc
import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite("Killed with SIGKILL under load")
struct CrashTests {
    static let writers = 32
    /// How often it is killed; `OBJECTS_KILLS` says otherwise.
    static let rounds = getenv("OBJECTS_KILLS").flatMap { Int(String(cString: $0)) } ?? 3

    @Test("objects lose no acknowledged object, show none by halves, and leave no file that nobody refers to")
    func killUnderLoad() async throws {
        try await TemporaryFolder.with { folder in
            let objects = try ExecutableProcess("objects", folder: folder)
            try await objects.untilReady("s3", "ListBuckets")
            _ = try await objects.reply("s3", "CreateBucket", #"{"Bucket":"doomed"}"#)
            let tally = CrashTally(writers: Self.writers, perRound: 100)
            for _ in 0..<Self.rounds {
                try await Self.writeUntilKilled(objects, tally)
                try objects.start()
                try await objects.untilReady("s3", "ListBuckets")
                for writer in 0..<Self.writers {
                    try await Writer(number: writer, objects).check(tally.possible(for: writer))
                }
            }
            await objects.close()
            try await Self.checkFiles(in: folder)
        }
    }

    private static func writeUntilKilled(_ objects: ExecutableProcess, _ tally: CrashTally) async throws {
        tally.startRound()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<writers {
                group.addTask {
                    let writer = Writer(number: number, objects)
                    guard var step = try? await writer.lastStep() else { return }
                    while !tally.isDone {
                        step += 1
                        tally.begin(step, by: number)
                        guard (try? await writer.write(step)) != nil else { return }
                        tally.note(step, by: number)
                    }
                    // The others have writes under way.
                    objects.kill()
                }
            }
        }
    }

    /// The step, a space, and bytes that no other step of any writer has: small enough for a row, or a file.
    static func bytes(of step: Int, _ number: Int) -> [UInt8] {
        let random = testBytes(step.isMultiple(of: 2) ? 500 : 90_000, seed: UInt64(step * 1000 + number))
        return Array("\(step) ".utf8) + random
    }

    /// After the collector every file belongs to an object or a part, and is whole.
    static func checkFiles(in folder: String) async throws {
        let host = try ServiceHost(
            "objects", configuration: Config(environment: ["APUS_DATA": folder, "APUS_LOG": "error"]))
        let database = try host.database("objects.db", migrations: Schema.migrations + EventLog.migrations)
        let files = try ByteFiles(folder: "\(folder)/objects")
        let keys = ObjectKeys(try MasterKey(in: folder), KeyService(client: host.client))
        let store = S3Store(database: database, files: files, keys: keys)
        let scrubber = Scrubber(store: store, clock: SystemClock(), log: host.log, metrics: Metrics())
        #expect(try await scrubber.scrub().isEmpty)
        _ = try await OrphanCollector(store: store, clock: SystemClock()).collect(before: .now() + .seconds(3600))
        let used = try await store.read { try $0.allFiles() }
        // Removed "sooner or later": now.
        files.close()
        let present = Set(try FolderListing.names(in: "\(files.folder)/bytes"))
        #expect(present.subtracting(used).isEmpty)
        #expect(used.subtracting(present).isEmpty)
        await host.close()
    }
}

/// Writes its objects again and again, each step with other bytes: one small and one large in turns, one of two parts,
/// and a copy of the first.
private struct Writer {
    private static let kinds = ["put", "parts", "copy"]
    private let number: Int
    private let objects: ExecutableProcess

    init(number: Int, _ objects: ExecutableProcess) {
        self.number = number
        self.objects = objects
    }

    func write(_ step: Int) async throws {
        let bytes = Self.bytes(of: step, number)
        try await put(bytes)
        try await upload(bytes)
        _ = try await call("CopyObject", "copy", #","CopySource":"doomed/put-\#(number)""#)
    }

    /// What the first object says.
    func lastStep() async throws -> Int { try await step(of: "put") }

    /// Every object is whole, and as new as what was acknowledged or a step that was under way.
    func check(_ possible: ClosedRange<Int>) async throws {
        for kind in Self.kinds {
            let step = try await step(of: kind)
            #expect(possible.contains(step), "\(kind)-\(number)")
        }
    }

    private func step(of kind: String) async throws -> Int {
        let reply: ServiceReply
        do {
            reply = try await call("GetObject", kind)
        } catch let error as ServiceError where error.code == "NoSuchKey" {
            return 0
        }
        let bytes = try await reply.stream?.collect(upTo: 1 << 20) ?? []
        let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        let step = try #require(Int(text), "\(kind)-\(number)")
        #expect(bytes == Self.bytes(of: step, number), "\(kind)-\(number) of step \(step) is not whole")
        return step
    }

    private func put(_ bytes: [UInt8]) async throws {
        _ = try await call(
            "PutObject", "put", #","ContentLength":\#(bytes.count)"#,
            body: .arriving(bytes, size: 60_000, isLengthKnown: true))
    }

    private func upload(_ bytes: [UInt8]) async throws {
        let upload = try await call("CreateMultipartUpload", "parts").output
        let id = try String(json: #require(upload["UploadId"]))
        let part = try await call(
            "UploadPart", "parts", #","UploadId":"\#(id)","PartNumber":1,"ContentLength":\#(bytes.count)"#,
            body: .arriving(bytes, size: 60_000, isLengthKnown: true)
        ).output
        let tag = try String(json: #require(part["ETag"])).filter { $0 != "\"" }
        let parts = #"[{"PartNumber":1,"ETag":"\#(tag)"}]"#
        _ = try await call(
            "CompleteMultipartUpload", "parts", #","UploadId":"\#(id)","MultipartUpload":{"Parts":\#(parts)}"#)
    }

    private func call(
        _ operation: String, _ kind: String, _ more: String = "", body: ByteStream? = nil
    ) async throws -> ServiceReply {
        try await objects.reply(
            "s3", operation, #"{"Bucket":"doomed","Key":"\#(kind)-\#(number)"\#(more)}"#, body: body)
    }

    private static func bytes(of step: Int, _ number: Int) -> [UInt8] { CrashTests.bytes(of: step, number) }
}
