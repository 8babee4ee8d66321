import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite("Killed with SIGKILL while lifecycle rules run")
struct LifecycleCrashTests {
    /// Due as soon as an object is stored.
    private static let past = #"{"Date":1577836800}"#
    private static let plain = """
        [{"ID":"gone","Status":"Enabled","Filter":{"Prefix":"gone-"},"Expiration":\(past)},
         {"ID":"cold","Status":"Enabled","Filter":{"And":{"Prefix":"cold-","ObjectSizeGreaterThan":0}},
          "Transitions":[{"Date":1577836800,"StorageClass":"GLACIER_IR"}]}]
        """
    private static let versioned = """
        [{"ID":"hidden","Status":"Enabled","Filter":{"Prefix":"hidden-"},"Expiration":\(past)},
         {"ID":"markers","Status":"Enabled","Filter":{"Prefix":"marked-"},
          "Expiration":{"ExpiredObjectDeleteMarker":true}}]
        """

    @Test("what no rule is for stays whole, what expires is never there by halves, and no file is left over")
    func killWhileExpiring() async throws {
        try await TemporaryFolder.with { folder in
            let objects = try ExecutableProcess("objects", folder: folder, settings: ["APUS_S3_LIFECYCLE_SECONDS=1"])
            try await objects.untilReady("s3", "ListBuckets")
            try await Self.makeBuckets(objects)
            let tally = CrashTally(writers: CrashTests.writers, perRound: 60)
            for _ in 0..<CrashTests.rounds {
                try await Self.writeUntilKilled(objects, tally)
                try objects.start()
                try await objects.untilReady("s3", "ListBuckets")
                for writer in 0..<CrashTests.writers {
                    try await ExpiringWriter(writer, objects).check(tally.possible(for: writer))
                }
            }
            try await Self.untilExpired(objects)
            await objects.close()
            try await CrashTests.checkFiles(in: folder)
        }
    }

    private static func makeBuckets(_ objects: ExecutableProcess) async throws {
        for (name, rules) in [("plain", plain), ("versioned", versioned)] {
            _ = try await objects.reply("s3", "CreateBucket", #"{"Bucket":"\#(name)"}"#)
            _ = try await objects.reply(
                "s3", "PutBucketLifecycleConfiguration",
                #"{"Bucket":"\#(name)","LifecycleConfiguration":{"Rules":\#(rules)}}"#)
        }
        _ = try await objects.reply(
            "s3", "PutBucketVersioning", #"{"Bucket":"versioned","VersioningConfiguration":{"Status":"Enabled"}}"#)
    }

    private static func writeUntilKilled(_ objects: ExecutableProcess, _ tally: CrashTally) async throws {
        tally.startRound()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<CrashTests.writers {
                group.addTask {
                    let writer = ExpiringWriter(number, objects)
                    guard var step = try? await writer.lastStep() else { return }
                    while !tally.isDone {
                        step += 1
                        tally.begin(step, by: number)
                        guard (try? await writer.write(step)) != nil else { return }
                        tally.note(step, by: number)
                    }
                    objects.kill()
                }
            }
        }
    }

    /// All that is due goes in the end, markers too.
    private static func untilExpired(_ objects: ExecutableProcess) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while true {
            let gone = try await objects.reply("s3", "ListObjectsV2", #"{"Bucket":"plain","Prefix":"gone-"}"#).output
            let marked = try await objects.reply(
                "s3", "ListObjectVersions", #"{"Bucket":"versioned","Prefix":"marked-"}"#
            ).output
            let hidden = try await objects.reply("s3", "ListObjectsV2", #"{"Bucket":"versioned","Prefix":"hidden-"}"#)
            let left = [gone["Contents"], marked["DeleteMarkers"], hidden.output["Contents"]]
            if left.allSatisfy({ $0?.elements.first { _ in true } == nil }) { return }
            try #require(ContinuousClock.now < limit, "rules were not done in time")
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}

/// Writes one object again and again that no rule is for, one that moves, and new ones that expire.
private struct ExpiringWriter {
    private let number: Int
    private let objects: ExecutableProcess

    init(_ number: Int, _ objects: ExecutableProcess) {
        self.number = number
        self.objects = objects
    }

    func write(_ step: Int) async throws {
        let bytes = CrashTests.bytes(of: step, number)
        try await put("plain", "gone-\(number)-\(step)", bytes)
        try await put("plain", "cold-\(number)", bytes)
        try await put("versioned", "hidden-\(number)", bytes)
        _ = try await call("DeleteObject", "versioned", "marked-\(number)-\(step)")
        try await put("plain", "kept-\(number)", bytes)
    }

    func lastStep() async throws -> Int { try await step(of: "plain", "kept-\(number)") ?? 0 }

    func check(_ possible: ClosedRange<Int>) async throws {
        let acknowledged = possible.lowerBound
        if acknowledged > 0 {
            for key in ["kept-\(number)", "cold-\(number)"] {
                let step = try #require(try await step(of: "plain", key), "\(key) is lost")
                #expect(possible.contains(step), "\(key)")
            }
        }
        for step in max(1, acknowledged - 3)...max(1, possible.upperBound) {
            let found = try await self.step(of: "plain", "gone-\(number)-\(step)")
            #expect(found == nil || found == step)
        }
        try await checkVersions(from: acknowledged)
    }

    /// Markers hide versions and leave them whole.
    private func checkVersions(from acknowledged: Int) async throws {
        let key = "hidden-\(number)"
        let page = try await call("ListObjectVersions", "versioned", nil, #","Prefix":"\#(key)","MaxKeys":8"#).output
        var steps: [Int] = []
        for version in page["Versions"]?.elements.map(\.self) ?? [] where version["Key"]?.string == key {
            let id = try #require(version["VersionId"]?.string)
            if let step = try await step(of: "versioned", key, #","VersionId":"\#(id)""#) { steps.append(step) }
        }
        #expect(steps == steps.sorted(by: >), "versions of \(key) are out of order")
        if acknowledged > 0 { #expect(steps.contains(acknowledged), "\(key) lost \(acknowledged)") }
    }

    /// The step whose bytes an object has, all of them; `nil` where there is none.
    private func step(of bucket: String, _ key: String, _ more: String = "") async throws -> Int? {
        let reply: ServiceReply
        do {
            reply = try await call("GetObject", bucket, key, more)
        } catch let error as ServiceError where error.code == "NoSuchKey" {
            return nil
        }
        let bytes = try await reply.stream?.collect(upTo: 1 << 20) ?? []
        let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        let step = try #require(Int(text), "\(key)")
        #expect(bytes == CrashTests.bytes(of: step, number), "\(key) of step \(step) is not whole")
        return step
    }

    private func put(_ bucket: String, _ key: String, _ bytes: [UInt8]) async throws {
        _ = try await call(
            "PutObject", bucket, key, #","ContentLength":\#(bytes.count)"#,
            body: .arriving(bytes, size: 60_000, isLengthKnown: true))
    }

    private func call(
        _ operation: String, _ bucket: String, _ key: String?, _ more: String = "", body: ByteStream? = nil
    ) async throws -> ServiceReply {
        let key = key.map { #","Key":"\#($0)""# } ?? ""
        return try await objects.reply("s3", operation, #"{"Bucket":"\#(bucket)"\#(key)\#(more)}"#, body: body)
    }
}
