import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite("Killed with SIGKILL while versions are replicated")
struct ReplicationCrashTests {
    private static let role = "arn:aws:iam::\(TestHost.account):role/replicator"

    @Test("every acknowledged version and marker arrives once, whole, in its order, and no file is left over")
    func killWhileReplicating() async throws {
        try await TemporaryFolder.with { folder in
            // The real thing says what the role may do.
            let auth = try ExecutableProcess("auth", folder: folder)
            let objects = try ExecutableProcess("objects", folder: folder)
            try await auth.untilReady("iam", "ListRoles")
            try await objects.untilReady("s3", "ListBuckets")
            try await Self.makeRole(auth)
            try await Self.makeBuckets(objects)
            let tally = CrashTally(writers: CrashTests.writers, perRound: 100)
            for _ in 0..<CrashTests.rounds {
                await Self.writeUntilKilled(objects, tally)
                try objects.start()
                try await objects.untilReady("s3", "ListBuckets")
            }
            for writer in 0..<CrashTests.writers {
                try await Self.check(writer, from: tally.acknowledged[writer], objects)
            }
            await objects.close()
            await auth.close()
            try await CrashTests.checkFiles(in: folder)
        }
    }

    private static func makeRole(_ auth: ExecutableProcess) async throws {
        let trust =
            #"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s3.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}"#
        let policy =
            #"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}"#
        _ = try await auth.reply(
            "iam", "CreateRole", #"{"RoleName":"replicator","AssumeRolePolicyDocument":"\#(trust)"}"#)
        _ = try await auth.reply(
            "iam", "PutRolePolicy",
            #"{"RoleName":"replicator","PolicyName":"replicate","PolicyDocument":"\#(policy)"}"#)
    }

    private static func makeBuckets(_ objects: ExecutableProcess) async throws {
        for name in ["here", "there"] {
            _ = try await objects.reply("s3", "CreateBucket", #"{"Bucket":"\#(name)"}"#)
            _ = try await objects.reply(
                "s3", "PutBucketVersioning",
                #"{"Bucket":"\#(name)","VersioningConfiguration":{"Status":"Enabled"}}"#)
        }
        let rule = #"""
            {"ID":"all","Priority":1,"Status":"Enabled","Filter":{"Prefix":""},
             "DeleteMarkerReplication":{"Status":"Enabled"},"Destination":{"Bucket":"arn:aws:s3:::there"}}
            """#
        _ = try await objects.reply(
            "s3", "PutBucketReplication",
            #"{"Bucket":"here","ReplicationConfiguration":{"Role":"\#(role)","Rules":[\#(rule)]}}"#)
    }

    private static func writeUntilKilled(_ objects: ExecutableProcess, _ tally: CrashTally) async {
        tally.startRound()
        let known = tally.acknowledged
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<CrashTests.writers {
                group.addTask {
                    // Past what may have been under way when it was killed.
                    var step = known[number] + 1
                    while !tally.isDone {
                        step += 1
                        guard (try? await write(step, number, objects)) != nil else { return }
                        tally.note(step, by: number)
                    }
                    objects.kill()
                }
            }
        }
    }

    private static func write(_ step: Int, _ number: Int, _ objects: ExecutableProcess) async throws {
        let bytes = CrashTests.bytes(of: step, number)
        _ = try await objects.reply(
            "s3", "PutObject", #"{"Bucket":"here","Key":"k-\#(number)","ContentLength":\#(bytes.count)}"#,
            body: .arriving(bytes, size: 60_000, isLengthKnown: true))
        guard step.isMultiple(of: 5) else { return }
        _ = try await objects.reply("s3", "DeleteObject", #"{"Bucket":"here","Key":"k-\#(number)"}"#)
    }

    private static func check(_ number: Int, from acknowledged: Int, _ objects: ExecutableProcess) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        let here = try await versions(of: number, in: "here", objects)
        while try await versions(of: number, in: "there", objects) != here {
            guard ContinuousClock.now < limit else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try await versions(of: number, in: "there", objects) == here)
        var steps: [Int] = []
        for version in here where version.hasSuffix(" version") {
            steps.append(try await step(of: number, String(version.dropLast(" version".count)), objects))
        }
        #expect(steps == steps.sorted(by: >))
        if acknowledged > 0 { #expect(steps.contains(acknowledged)) }
        try await checkStatus(of: number, objects)
    }

    /// Versions and markers, the newest of each first.
    private static func versions(
        of number: Int, in bucket: String, _ objects: ExecutableProcess
    ) async throws -> [String] {
        let page = try await objects.reply(
            "s3", "ListObjectVersions", #"{"Bucket":"\#(bucket)","Prefix":"k-\#(number)"}"#
        ).output
        return [("Versions", "version"), ("DeleteMarkers", "marker")].flatMap { member, kind in
            (page[member]?.elements.map(\.self) ?? []).filter { $0["Key"]?.string == "k-\(number)" }.compactMap {
                $0["VersionId"]?.string.map { "\($0) \(kind)" }
            }
        }
    }

    private static func step(of number: Int, _ version: String, _ objects: ExecutableProcess) async throws -> Int {
        let reply = try await objects.reply(
            "s3", "GetObject", #"{"Bucket":"there","Key":"k-\#(number)","VersionId":"\#(version)"}"#)
        let bytes = try await reply.stream?.collect(upTo: 1 << 20) ?? []
        let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        let step = try #require(Int(text))
        #expect(bytes == CrashTests.bytes(of: step, number), "k-\(number) of step \(step) is not whole")
        #expect(reply.output["ReplicationStatus"]?.string == "REPLICA")
        return step
    }

    private static func checkStatus(of number: Int, _ objects: ExecutableProcess) async throws {
        for version in try await versions(of: number, in: "here", objects) where version.hasSuffix(" version") {
            let id = version.dropLast(" version".count)
            let head = try await objects.reply(
                "s3", "HeadObject", #"{"Bucket":"here","Key":"k-\#(number)","VersionId":"\#(id)"}"#
            ).output
            #expect(head["ReplicationStatus"]?.string == "COMPLETED")
        }
    }
}
