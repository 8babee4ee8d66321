import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite("Killed with SIGKILL while batch jobs run")
struct BatchCrashTests {
    @Test("every job reaches its end, and every object of its list is done as the report says, which names it once")
    func killWhileJobsRun() async throws {
        try await TemporaryFolder.with { folder in
            // The real thing says what the role may do.
            let auth = try ExecutableProcess("auth", folder: folder)
            let objects = try ExecutableProcess("objects", folder: folder)
            try await auth.untilReady("iam", "ListRoles")
            try await objects.untilReady("s3", "ListBuckets")
            try await JobRounds.makeRole(auth)
            let rounds = JobRounds(objects)
            try await rounds.makeBuckets()
            for number in 0..<CrashTests.rounds { try await rounds.run(number) }
            await objects.close()
            await auth.close()
            try await CrashTests.checkFiles(in: folder)
        }
    }
}

/// One job after another, each killed once at another moment of its life.
private struct JobRounds {
    /// What a round's job does.
    private enum Kind: CaseIterable {
        case tag, copy, checksum, replicate
    }

    private static let role = "arn:aws:iam::\(TestHost.account):role/worker"
    private static let count = 60
    private static let keys = (0..<count).map { "k-\($0)" }
    /// In every list, and in no bucket.
    private static let missing = ["missing-1", "missing-2"]
    private static let account = TestHost.account

    private let objects: ExecutableProcess

    init(_ objects: ExecutableProcess) { self.objects = objects }

    func run(_ number: Int) async throws {
        let kind = Kind.allCases[number % Kind.allCases.count]
        let rows = try await list(kind, number)
        let job = try await create(kind, number, manifest: try await putManifest(rows))
        // From its first moment to beyond its last task, when the report is written.
        try await untilAttempted(Int64.random(in: 0...Int64(rows.count)), of: job)
        objects.kill()
        try objects.start()
        try await objects.untilReady("s3", "ListBuckets")
        let done = try await untilEnded(job)
        #expect(done["Status"]?.string == "Complete")
        let progress = try #require(done["ProgressSummary"])
        let report = try await report(of: job)
        #expect(report.succeeded.map(\.[1]).sorted() == Self.keys.sorted(), "\(kind)")
        #expect(report.failed.map(\.[1]).sorted() == Self.missing, "\(kind)")
        #expect(progress["TotalNumberOfTasks"]?.int64 == Int64(rows.count))
        #expect(progress["NumberOfTasksSucceeded"]?.int64 == Int64(report.succeeded.count))
        #expect(progress["NumberOfTasksFailed"]?.int64 == Int64(report.failed.count))
        for row in report.succeeded { try await check(row, kind, number) }
    }

    // MARK: - What is there before

    static func makeRole(_ auth: ExecutableProcess) async throws {
        let trust = ["batchoperations.s3", "s3"].map { #"\"\#($0).amazonaws.com\""# }.joined(separator: ",")
        _ = try await auth.reply(
            "iam", "CreateRole",
            #"{"RoleName":"worker","AssumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":[\#(trust)]},\"Action\":\"sts:AssumeRole\"}}"}"#
        )
        _ = try await auth.reply(
            "iam", "PutRolePolicy",
            #"{"RoleName":"worker","PolicyName":"own","PolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}"}"#
        )
    }

    func makeBuckets() async throws {
        for name in ["here", "there", "copies", "reports"] {
            _ = try await call("CreateBucket", #"{"Bucket":"\#(name)"}"#)
        }
        for name in ["here", "there"] {
            _ = try await call(
                "PutBucketVersioning", #"{"Bucket":"\#(name)","VersioningConfiguration":{"Status":"Enabled"}}"#)
        }
        for key in Self.keys { try await put(key, Self.bytes(of: key, 0)) }
    }

    /// Half of them lie in rows, half in files.
    private static func bytes(of key: String, _ number: Int) -> [UInt8] {
        CrashTests.bytes(of: number, Int(key.dropFirst(2)) ?? 0)
    }

    private func put(_ key: String, _ bytes: [UInt8], in bucket: String = "here") async throws {
        _ = try await call(
            "PutObject", #"{"Bucket":"\#(bucket)","Key":"\#(key)","ContentLength":\#(bytes.count)}"#,
            body: .arriving(bytes, size: 60_000, isLengthKnown: true))
    }

    // MARK: - A job

    private func list(_ kind: Kind, _ number: Int) async throws -> [String] {
        let keys = Self.keys + Self.missing
        guard kind == .replicate else { return keys }
        // New versions that no rule is for yet.
        _ = try await call("DeleteBucketReplication", #"{"Bucket":"here"}"#)
        for key in Self.keys { try await put(key, Self.bytes(of: key, number)) }
        let rule = #"""
            {"ID":"all","Priority":1,"Status":"Enabled","Filter":{"Prefix":""},
             "DeleteMarkerReplication":{"Status":"Disabled"},"Destination":{"Bucket":"arn:aws:s3:::there"}}
            """#
        _ = try await call(
            "PutBucketReplication",
            #"{"Bucket":"here","ReplicationConfiguration":{"Role":"\#(Self.role)","Rules":[\#(rule)]}}"#)
        return keys
    }

    /// Returns its entity tag.
    private func putManifest(_ keys: [String]) async throws -> String {
        try await put("manifest", Array(keys.map { "here,\($0)\n" }.joined().utf8), in: "reports")
        let head = try await call("HeadObject", #"{"Bucket":"reports","Key":"manifest"}"#)
        return try #require(head["ETag"]?.string).filter { $0 != "\"" }
    }

    private func create(_ kind: Kind, _ number: Int, manifest etag: String) async throws -> String {
        let operation =
            switch kind {
            case .tag: #"{"S3PutObjectTagging":{"TagSet":[{"Key":"round","Value":"\#(number)"}]}}"#
            case .copy:
                #"{"S3PutObjectCopy":{"TargetResource":"arn:aws:s3:::copies","TargetKeyPrefix":"r-\#(number)"}}"#
            case .checksum: #"{"S3ComputeObjectChecksum":{"ChecksumAlgorithm":"SHA256"}}"#
            case .replicate: #"{"S3ReplicateObject":{}}"#
            }
        let reply = try await control(
            "CreateJob",
            #"""
            "ClientRequestToken":"round-\#(number)","Priority":1,"RoleArn":"\#(Self.role)","Operation":\#(operation),
            "Manifest":{"Spec":{"Format":"S3BatchOperations_CSV_20180820","Fields":["Bucket","Key"]},
                        "Location":{"ObjectArn":"arn:aws:s3:::reports/manifest","ETag":"\#(etag)"}},
            "Report":{"Enabled":true,"Bucket":"arn:aws:s3:::reports","Format":"Report_CSV_20180820",
                      "ReportScope":"AllTasks"}
            """#)
        return try #require(reply["JobId"]?.string)
    }

    private func describe(_ job: String) async throws -> JSONValue {
        try #require(try await control("DescribeJob", #""JobId":"\#(job)""#)["Job"])
    }

    private func untilAttempted(_ goal: Int64, of job: String) async throws {
        while true {
            let found = try await describe(job)
            let progress = found["ProgressSummary"]
            let attempted = ["NumberOfTasksSucceeded", "NumberOfTasksFailed"].reduce(Int64(0)) {
                $0 + (progress?[$1]?.int64 ?? 0)
            }
            if attempted >= goal || found["TerminationDate"] != nil { return }
        }
    }

    private func untilEnded(_ job: String) async throws -> JSONValue {
        let limit = ContinuousClock.now + .seconds(60)
        while true {
            let found = try await describe(job)
            if found["TerminationDate"] != nil { return found }
            try #require(ContinuousClock.now < limit, "\(found)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func report(of job: String) async throws -> (succeeded: [[String]], failed: [[String]]) {
        let index = try JSONDocument(try await get("reports", "job-\(job)/manifest.json")).root
        var rows: [String: [[String]]] = [:]
        for file in index["Results"]?.elements.map(\.self) ?? [] {
            let bytes = try await get("reports", try #require(file["Key"]?.string))
            #expect(file["MD5Checksum"]?.string == Hex.string(MD5.hash(bytes)))
            var lines = CSVRows()
            rows[file["TaskExecutionStatus"]?.string ?? "", default: []] += try lines.append(bytes)
        }
        return (rows["succeeded"] ?? [], rows["failed"] ?? [])
    }

    // MARK: - What it did

    private func check(_ row: [String], _ kind: Kind, _ number: Int) async throws {
        let key = row[1]
        let here = #"{"Bucket":"here","Key":"\#(key)"}"#
        switch kind {
        case .tag:
            let tags = try await call("GetObjectTagging", here)
            #expect(tags["TagSet"]?.elements.first { _ in true }?["Value"]?.string == "\(number)", "\(key)")
        case .copy:
            #expect(try await get("copies", "r-\(number)/\(key)") == (try await get("here", key)), "\(key)")
        case .checksum:
            let message = try JSONDocument(Array(row[6].utf8)).root
            let sum = Base64.string(SHA256.hash(try await get("here", key)))
            #expect(message["checksum_base64"]?.string == sum, "\(key)")
        case .replicate:
            #expect(try await call("HeadObject", here)["ReplicationStatus"]?.string == "COMPLETED", "\(key)")
            #expect(try await get("there", key) == Self.bytes(of: key, number), "\(key)")
        }
    }

    private func get(_ bucket: String, _ key: String) async throws -> [UInt8] {
        let reply = try await objects.reply("s3", "GetObject", #"{"Bucket":"\#(bucket)","Key":"\#(key)"}"#)
        return try await reply.stream?.collect(upTo: 1 << 20) ?? []
    }

    private func call(_ operation: String, _ input: String, body: ByteStream? = nil) async throws -> JSONValue {
        try await objects.reply("s3", operation, input, body: body).output
    }

    private func control(_ operation: String, _ members: String) async throws -> JSONValue {
        try await objects.reply("s3control", operation, #"{"AccountId":"\#(Self.account)",\#(members)}"#).output
    }
}
