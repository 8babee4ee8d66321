import S3
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import Thumbnails

/// Regenerations and second attempts, over a real `objects`.
@Suite("Work on whole buckets")
struct BucketWorkTests {
    /// Lets this service read, or not.
    private final class Gate: Authorizer {
        private let isShut = Mutex(false)

        func shut(_ value: Bool) { isShut.withLock { $0 = value } }

        func require(
            _ permission: Permission, of service: AWSService, operation: String, in call: Call
        ) async throws {
            guard call.caller.arn.contains("thumbnails"), operation == "GetObject", isShut.withLock({ $0 }) else {
                return
            }
            throw ServiceError("AccessDenied", "Access Denied", status: 403)
        }
    }

    private struct Fixture {
        let s3: TestHost
        let gate: Gate
        let folder: String

        /// `thumbnails` with its workers, as after a start.
        func started<Result>(_ body: (TestHost) async throws -> Result) async throws -> Result {
            try await TestHost.with(
                "thumbnails", folder: folder, { try Thumbnails.services(on: $0, renderer: .installed()) }
            ) { host in
                host.host.startWorkers()
                return try await body(host)
            }
        }

        func put(_ key: String, _ bytes: [UInt8], type: String = "image/png") async throws {
            try await s3.call(
                "s3", "PutObject",
                #"{"Bucket":"photos","Key":"\#(key)","ContentType":"\#(type)","ContentLength":\#(bytes.count)}"#,
                body: ByteStream(bytes))
        }

        func keys() async throws -> [String] {
            let page = try await s3.call("s3", "ListObjectsV2", #"{"Bucket":"photos","Prefix":"thumbnails/"}"#)
            return page["Contents"]?.elements.compactMap { $0["Key"]?.string } ?? []
        }
    }

    private func with(images: Int, _ body: (Fixture) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let gate = Gate()
            try await TestHost.with("objects", folder: folder, authorizer: gate, { try await S3.services(on: $0) }) {
                s3 in
                try s3.serve()
                let fixture = Fixture(s3: s3, gate: gate, folder: folder)
                try await s3.call("s3", "CreateBucket", #"{"Bucket":"photos"}"#)
                for index in 0..<images { try await fixture.put("\(index).png", PNG.image(width: 20, height: 10)) }
                try await s3.call(
                    "s3", "PutBucketTagging",
                    #"{"Bucket":"photos","Tagging":{"TagSet":[{"Key":"apus:thumbnails","Value":"8"}]}}"#)
                try await body(fixture)
            }
        }
    }

    private func status(_ host: TestHost) async throws -> JSONValue {
        try await host.call("apus.thumbnails", "ListRegenerations", as: .service("launcher.apus"))
    }

    private func regeneration(_ host: TestHost) async throws -> JSONValue? {
        try await status(host)["Regenerations"]?.elements.first { _ in true }
    }

    private func start(_ host: TestHost) async throws {
        try await host.call(
            "apus.thumbnails", "StartRegeneration", #"{"Bucket":"photos"}"#, as: .service("launcher.apus"))
    }

    private func finished(_ host: TestHost) async throws -> JSONValue {
        try await host.until { try await regeneration(host)?["State"]?.string != "running" }
        return try #require(try await regeneration(host))
    }

    @Test("A regeneration derives every image, tells what became of each, and leaves derived ones alone")
    func whole() async throws {
        try await with(images: 2) { fixture in
            try await fixture.put("broken.png", [1, 2, 3])
            try await fixture.put("zebra.txt", [], type: "text/plain")
            try await fixture.put("thumbnails/8/old.png", PNG.image(width: 20, height: 10))
            try await fixture.started { host in
                try await start(host)
                let done = try await finished(host)
                #expect(done["State"]?.string == "completed" && done["Total"]?.int64 == 4 && done["Done"]?.int64 == 4)
                #expect(done["Derived"]?.int64 == 2 && done["Refused"]?.int64 == 1 && done["Skipped"]?.int64 == 1)
            }
            #expect(
                try await fixture.keys() == [
                    "thumbnails/8/0.png", "thumbnails/8/1.png", "thumbnails/8/old.png",
                    "thumbnails/errors/broken.png.json",
                ])
        }
    }

    @Test("One that was interrupted goes on where it was, and counts nothing twice")
    func resumed() async throws {
        try await with(images: 8) { fixture in
            try await fixture.started { host in
                try await start(host)
                try await host.until { try await regeneration(host)?["Done"]?.int64 ?? 0 >= 2 }
            }
            try await fixture.started { host in
                let done = try await finished(host)
                #expect(done["State"]?.string == "completed")
                #expect(done["Done"]?.int64 == 8 && done["Derived"]?.int64 == 8 && done["Total"]?.int64 == 8)
            }
            #expect(try await fixture.keys().count == 8)
        }
    }

    @Test("One is begun once at a time, and ends when it is cancelled")
    func cancelled() async throws {
        try await with(images: 40) { fixture in
            try await fixture.started { host in
                try await start(host)
                await #expect(throws: ServiceError.self) { try await start(host) }
                try await host.call(
                    "apus.thumbnails", "CancelRegeneration", #"{"Bucket":"photos"}"#, as: .service("launcher.apus"))
                #expect(try await finished(host)["State"]?.string == "cancelled")
                let error = await host.error(cancelling: "photos")
                #expect(error?.status == 404)
            }
            #expect(try await fixture.keys().count < 40)
        }
    }

    @Test("A bucket without the tag, or that is not there, is refused; the outside reaches none of it")
    func refused() async throws {
        try await with(images: 1) { fixture in
            try await fixture.started { host in
                try await fixture.s3.call("s3", "DeleteBucketTagging", #"{"Bucket":"photos"}"#)
                await #expect(throws: ServiceError.self) { try await start(host) }
                let missing = try await host.error(
                    of: "apus.thumbnails", "StartRegeneration", #"{"Bucket":"nowhere"}"#, as: .service("launcher.apus"))
                #expect(missing?.code == "NoSuchBucket")
                let stranger = try await host.error(of: "apus.thumbnails", "ListRegenerations")
                #expect(stranger != nil)
            }
        }
    }

    @Test("An image that may not be read waits, is shown with its reason, and is derived once it may")
    func waiting() async throws {
        try await with(images: 2) { fixture in
            fixture.gate.shut(true)
            try await fixture.started { host in
                try await start(host)
                #expect(try await finished(host)["Waiting"]?.int64 == 2)
            }
            // A crash in between changes nothing.
            try await fixture.started { host in
                let status = try await status(host)
                #expect(status["WaitingCount"]?.int64 == 2)
                let first = status["Waiting"]?.elements.first { _ in true }
                #expect(first?["Key"]?.string == "0.png" && first?["Attempts"]?.int64 == 1)
                #expect(first?["Reason"]?.string == "AccessDenied: Access Denied")
                host.clock.advance(by: .seconds(6))
                try await host.until { try await self.attempts(host) == [2, 2] }
                fixture.gate.shut(false)
                host.clock.advance(by: .seconds(11))
                try await host.until { try await self.status(host)["WaitingCount"]?.int64 == 0 }
            }
            #expect(try await fixture.keys() == ["thumbnails/8/0.png", "thumbnails/8/1.png"])
        }
    }

    private func attempts(_ host: TestHost) async throws -> [Int64] {
        try await status(host)["Waiting"]?.elements.compactMap { $0["Attempts"]?.int64 } ?? []
    }

    @Test("It is tried more and more rarely, and given up after a week")
    func patience() {
        let change = ObjectChange(bucket: "b", account: "a", region: "r", key: "k", target: "8")
        let start = Timestamp(seconds: 0)
        var (now, image) = (start, WaitingImage?.none)
        var delays: [Int64] = []
        while true {
            let next = WaitingImage(change, after: image, reason: "", at: now)
            guard let due = next.due else { break }
            delays.append((due - now).components.seconds)
            (now, image) = (due, next)
        }
        #expect(delays.prefix(4) == [5, 10, 20, 40] && delays.max() == 3600)
        #expect(now - start > WaitingImage.patience && now - start < WaitingImage.patience + .seconds(3601))
    }
}

extension TestHost {
    fileprivate func error(cancelling bucket: String) async -> ServiceError? {
        try? await error(
            of: "apus.thumbnails", "CancelRegeneration", #"{"Bucket":"\#(bucket)"}"#, as: .service("launcher.apus"))
    }
}
