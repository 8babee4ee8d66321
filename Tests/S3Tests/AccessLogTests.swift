import Bus
import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct AccessLogTests {
    private struct Fixture {
        let store: S3Store
        let logger: AccessLogger
        let delivery: AccessLogDelivery
        let clock: ManualClock

        func createBucket(_ name: String, _ configurations: [ConfigurationKind: String] = [:]) async throws {
            let bodies = configurations.mapValues { Array($0.utf8) }
            let now = clock.now
            try await store.database.write { transaction in
                try transaction.createBucket(
                    named: name, account: TestHost.account, region: "us-east-1", at: now, configurations: bodies)
            }
        }

        func keys(_ bucket: String) async throws -> [String] {
            let bucket = try await store.bucket(BucketReference(name: bucket))
            return try await store.read { try $0.versions(in: bucket, after: .start, limit: 1000) }.map(\.key)
        }

        func text(_ bucket: String, _ key: String) async throws -> String {
            let reference = ObjectReference(bucket: BucketReference(name: bucket), key: key, version: nil)
            let call = Call(
                caller: .root(of: TestHost.account), service: "s3", operation: "GetObject", region: "us-east-1",
                account: TestHost.account, now: clock.now, requestID: "", deadline: clock.now)
            let (_, body) = try await store.open(reference, in: call) { 0..<$0.size }
            return String(decoding: try await body.collect(upTo: 1 << 20), as: UTF8.self)
        }

        func answer(
            _ operation: String, _ input: String, reply: String = "{}", status: UInt32 = 200,
            requestLine: String = "GET /pictures/cat HTTP/1.1", userAgent: String = "test"
        ) {
            var source = Call.Source()
            source.address = "192.0.2.3"
            source.userAgent = userAgent
            source.visit = Call.Visit(requestLine: requestLine)
            let call = Call(
                caller: .root(of: TestHost.account), service: "s3", operation: operation, region: "us-east-1",
                account: TestHost.account, now: clock.now, requestID: "request", deadline: clock.now, source: source)
            let reply = BusReply(status: status, isError: status >= 400, body: Array(reply.utf8))
            logger.answered(call, input: Array(input.utf8), with: reply, after: .milliseconds(7))
        }
    }

    private static let toLogs = #"{"LoggingEnabled":{"TargetBucket":"logs","TargetPrefix":"log/"}}"#
    private static let letIn = #"""
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"logging.s3.amazonaws.com\"},\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::logs/*\"}]}"
        """#
    private static let enforced = #"{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}"#

    private func with(_ body: (Fixture) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let database = try Database(path: "\(folder)/objects.db", migrations: Schema.all)
            let files = try ByteFiles(folder: folder)
            let clock = ManualClock(at: Timestamp(seconds: 1_549_411_238))
            let host = try ServiceHost("objects", configuration: Config(environment: ["APUS_DATA": folder]))
            let keys = ObjectKeys(try MasterKey(in: folder), KeyService(client: host.client))
            let store = S3Store(database: database, files: files, keys: keys)
            let logger = AccessLogger()
            let delivery = AccessLogDelivery(
                store: store, logger: logger, clock: clock, log: Log(service: "test", threshold: .error),
                interval: .seconds(300))
            try await body(Fixture(store: store, logger: logger, delivery: delivery, clock: clock))
            await host.close()
            files.close()
            database.close()
        }
    }

    @Test("A record has AWS's fields in AWS's order, and is delivered once")
    func record() async throws {
        try await with { fixture in
            try await fixture.createBucket("pictures", [.logging: Self.toLogs])
            try await fixture.createBucket("logs", [.ownership: Self.enforced, .policy: Self.letIn])
            fixture.answer(
                "GetObject", #"{"Bucket":"pictures","Key":"a cat"}"#,
                reply: #"{"ContentLength":10,"ContentRange":"bytes 0-9/113","VersionId":"v"}"#)
            let delivered = try await fixture.delivery.deliver()
            #expect(delivered.count == 1 && delivered[0].hasPrefix("log/2019-02-06-00-00-38-"))
            let owner = CanonicalUser(TestHost.account).id
            let line = try await fixture.text("logs", try #require(delivered.first))
            #expect(line.hasPrefix("\(owner) pictures [06/Feb/2019:00:00:38 +0000] 192.0.2.3 \(owner) request "))
            #expect(
                line.contains(
                    #"REST.GET.OBJECT a%20cat "GET /pictures/cat HTTP/1.1" 206 - 10 113 7 7 "-" "test" v "#))
            #expect(line.hasSuffix(" - - - localhost:4566 - - -\n"))
            #expect(try await fixture.delivery.deliver().isEmpty)
            #expect(try await fixture.keys("logs") == delivered)
        }
    }

    @Test("Nothing a client sends ends a field or a line, and presigned addresses cannot be used again")
    func hostile() async throws {
        try await with { fixture in
            try await fixture.createBucket("pictures", [.logging: Self.toLogs])
            try await fixture.createBucket("logs", [.ownership: Self.enforced, .policy: Self.letIn])
            fixture.answer(
                "GetObject", #"{"Bucket":"pictures","Key":"cat\nforged line"}"#,
                requestLine: "GET /pictures/cat?X-Amz-Signature=abc&X-Amz-Date=1&X-Amz-Security-Token=def HTTP/1.1",
                userAgent: "a\" \"b\nforged")
            let key = try #require(try await fixture.delivery.deliver().first)
            let text = try await fixture.text("logs", key)
            #expect(text.split(separator: "\n").count == 1)
            #expect(text.contains("cat%0Aforged%20line") && text.contains(#""a? ?b?forged""#))
            #expect(
                text.contains("?X-Amz-Signature=REDACTED&X-Amz-Date=1&X-Amz-Security-Token=REDACTED HTTP/1.1\""))
        }
    }

    @Test("Nothing is delivered to a bucket that does not let it in, and nothing noted for one without logging")
    func refused() async throws {
        try await with { fixture in
            try await fixture.createBucket("pictures", [.logging: Self.toLogs])
            try await fixture.createBucket("logs", [.ownership: Self.enforced])
            fixture.answer("HeadBucket", #"{"Bucket":"pictures"}"#)
            fixture.answer("HeadBucket", #"{"Bucket":"logs"}"#)
            fixture.answer("GetObject", "no JSON", status: 400)
            #expect(try await fixture.delivery.deliver().isEmpty)
            #expect(try await fixture.keys("logs").isEmpty)
            #expect(try await fixture.store.read { try $0.bucketsWithAccessRecords() }.isEmpty)
        }
    }

    @Test("Every operation on a bucket has a name in the log")
    func names() async throws {
        try await TemporaryFolder.with { folder in
            let host = try ServiceHost("objects", configuration: try Config(environment: ["APUS_DATA": folder]))
            let service = try #require(try await S3.services(on: host).first { $0.name == "s3" })
            for operation in service.operations {
                let name = type(of: operation).name
                let isOfNone = name == "ListBuckets" || name == "ListDirectoryBuckets"
                #expect((LoggedOperation.name(of: name) == nil) == isOfNone, "\(name)")
            }
            await host.close()
        }
    }
}
