import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import S3

@Suite(.serialized) struct ReplicationTests {
    private static let account = TestHost.account
    private static let role = "arn:aws:iam::\(account):role/replicator"

    // MARK: Surroundings

    /// Lends the role to S3, unless it is told to be away.
    private final class Roles: Sendable {
        let isAway = Mutex(false)
    }

    private struct AssumeRole: AWSOperation {
        struct Input: InputShape {
            let role: String
            init(_ member: Members) throws { role = try member("RoleArn") }
        }

        struct Output: OutputShape {
            let role: String

            func write(to json: inout JSONWriter) {
                json.member("AssumedRoleUser") { json in
                    json.object { json in
                        json.member("Arn", "arn:aws:sts::\(account):assumed-role/replicator/s3-replication")
                        json.member("AssumedRoleId", "AROA:s3-replication")
                    }
                }
            }
        }

        let roles: Roles

        func permissions(for input: Input, in call: Call) -> [Permission] { [] }

        func perform(_ input: Input, in call: Call) async throws -> Output {
            if roles.isAway.withLock({ $0 }) { throw ServiceError("ServiceUnavailable", "Later.", status: 503) }
            guard input.role == role, call.caller.arn == "s3.amazonaws.com" else {
                throw ServiceError("AccessDenied", "No.", status: 403)
            }
            return Output(role: input.role)
        }
    }

    /// Denies the role some actions, and nobody else anything.
    private struct Denying: Authorizer {
        let actions: Set<String>

        func require(_ permission: Permission, of service: AWSService, operation: String, in call: Call) async throws {
            guard call.caller.kind == .assumedRole, let action = permission.action, actions.contains(action) else {
                return
            }
            throw ServiceError("AccessDenied", "No.", status: 403)
        }
    }

    private func with(
        folder: String? = nil, denying actions: Set<String> = [], _ body: (S3Fixture, Roles) async throws -> Void
    ) async throws {
        guard let folder else {
            return try await TemporaryFolder.with { try await with(folder: $0, denying: actions, body) }
        }
        let roles = Roles()
        func compose(_ host: ServiceHost) async throws -> [AWSService] {
            [AWSService("sts", errors: .query, operations: [AssumeRole(roles: roles)])]
        }
        try await TestHost.with("auth", folder: folder, compose) { auth -> Void in
            try auth.serve()
            try await S3Fixture.with(folder, authorizer: Denying(actions: actions)) { s3 -> Void in
                try s3.host.serve()
                for name in ["here", "there"] {
                    try await s3.createBucket(name)
                    try await version(name, in: s3)
                }
                try await body(s3, roles)
            }
        }
    }

    private func version(_ bucket: String, in s3: S3Fixture) async throws {
        try await s3.call(
            "PutBucketVersioning", #"{"Bucket":"\#(bucket)","VersioningConfiguration":{"Status":"Enabled"}}"#)
    }

    private func rule(_ more: String = "", destination: String = "") -> String {
        #"""
        {"ID":"all","Priority":1,"Status":"Enabled","Filter":{"Prefix":""},
         "DeleteMarkerReplication":{"Status":"Enabled"},
         "Destination":{"Bucket":"arn:aws:s3:::there"\#(destination)}\#(more)}
        """#
    }

    private func replicate(_ s3: S3Fixture, _ rule: String) async throws {
        try await s3.call(
            "PutBucketReplication",
            #"{"Bucket":"here","ReplicationConfiguration":{"Role":"\#(Self.role)","Rules":[\#(rule)]}}"#)
    }

    private func status(_ key: String, in s3: S3Fixture) async throws -> String? {
        try await s3.call("HeadObject", #"{"Bucket":"here","Key":"\#(key)"}"#)["ReplicationStatus"]?.string
    }

    private func untilSettled(_ key: String, in s3: S3Fixture) async throws -> String? {
        var last: String?
        try await s3.host.until {
            last = try await status(key, in: s3)
            return last != "PENDING"
        }
        return last
    }

    private func events(_ folder: String) async throws -> [JSONValue] {
        let database = try Database(path: "\(folder)/objects/objects.db", migrations: [])
        defer { database.close() }
        return try await EventLog(database).read(after: nil, limit: 100).events.compactMap {
            try JSONDocument($0.body).root["message", "Records"]?.elements.first { _ in true }
        }
    }

    private func listen(_ s3: S3Fixture) async throws {
        try await s3.call(
            "PutBucketNotificationConfiguration",
            #"""
            {"Bucket":"here","SkipDestinationValidation":true,"NotificationConfiguration":{"QueueConfigurations":[
              {"QueueArn":"arn:aws:sqs:us-east-1:000000000000:q","Events":["s3:Replication:*"]}]}}
            """#)
    }

    private static let timeControl = #"""
        ,"ReplicationTime":{"Status":"Enabled","Time":{"Minutes":15}},
        "Metrics":{"Status":"Enabled","EventThreshold":{"Minutes":15}}
        """#

    // MARK: Behaviour

    @Test("A replica takes its place below versions that are newer than it")
    func order() async throws {
        try await with { s3, _ in
            try await replicate(s3, rule())
            let old = try await s3.put("k", testBytes(50_000), bucket: "here")["VersionId"]?.string
            s3.host.clock.advance(by: .seconds(1))
            let own = try await s3.put("k", [2], bucket: "there")["VersionId"]?.string
            s3.host.host.startWorkers()
            #expect(try await untilSettled("k", in: s3) == "COMPLETED")
            let page = try await s3.call("ListObjectVersions", #"{"Bucket":"there"}"#)
            #expect(page["Versions"]?.elements.map { $0["VersionId"]?.string } == [own, old])
            #expect(try await s3.get("k", bucket: "there").bytes == [2])
            let replica = try await s3.get("k", bucket: "there", #","VersionId":"\#(try #require(old))""#)
            #expect(replica.bytes == testBytes(50_000))
            #expect(replica.head["ReplicationStatus"]?.string == "REPLICA")
        }
    }

    @Test("The journal of a destination tells of replicas, of what changes of them and of markers")
    func journal() async throws {
        try await TemporaryFolder.with { folder in
            try await with(folder: folder) { s3, _ in
                try await s3.call(
                    "CreateBucketMetadataConfiguration",
                    #"""
                    {"Bucket":"there","MetadataConfiguration":
                     {"JournalTableConfiguration":{"RecordExpiration":{"Expiration":"DISABLED"}}}}
                    """#)
                s3.host.host.startWorkers()
                try await s3.host.until {
                    let answer = try await s3.call("GetBucketMetadataConfiguration", #"{"Bucket":"there"}"#)
                    let result = answer["GetBucketMetadataConfigurationResult", "MetadataConfigurationResult"]
                    return result?["JournalTableConfigurationResult", "TableStatus"]?.string == "ACTIVE"
                }
                try await replicate(s3, rule())
                try await s3.put("k", [1], bucket: "here")
                #expect(try await untilSettled("k", in: s3) == "COMPLETED")
                let tags = #"{"Bucket":"here","Key":"k","Tagging":{"TagSet":[{"Key":"a","Value":"b"}]}}"#
                try await s3.call("PutObjectTagging", tags)
                #expect(try await untilSettled("k", in: s3) == "COMPLETED")
                try await s3.call("DeleteObject", #"{"Bucket":"here","Key":"k"}"#)
                try await s3.host.until {
                    let page = try await s3.call("ListObjectVersions", #"{"Bucket":"there"}"#)
                    return page["DeleteMarkers"]?.elements.first { _ in true } != nil
                }
            }
            let told = try await records(folder).map(Told.init)
            #expect(told.map(\.kind) == ["CREATE", "UPDATE_METADATA", "DELETE"])
            #expect(told.map(\.isMarker) == [false, false, true])
            #expect(Set(told.map(\.key)) == ["k"])
            #expect(told.allSatisfy { $0.requester == Self.account })
        }
    }

    /// Of all journals, in files or not.
    private func records(_ folder: String) async throws -> [JournalRecord] {
        let database = try Database(path: "\(folder)/objects/objects.db", migrations: [])
        defer { database.close() }
        return try await database.read { snapshot in
            try snapshot.rows("SELECT id, day, key, body FROM journal_record ORDER BY id") {
                JournalRecord(id: try $0[0], day: try $0[1], key: try $0[2], encoded: try $0[3])
            }
        }
    }

    @Test("What is refused is tried four times, then fails, and events say why where metrics are on")
    func refusal() async throws {
        try await TemporaryFolder.with { folder in
            try await with(folder: folder, denying: ["s3:ReplicateObject"]) { s3, _ in
                try await listen(s3)
                try await replicate(s3, rule(destination: #","Metrics":{"Status":"Enabled"}"#))
                try await s3.put("k", [1], bucket: "here")
                s3.host.host.startWorkers()
                try await s3.host.until {
                    s3.host.clock.advance(by: .seconds(1))
                    return try await status("k", in: s3) == "FAILED"
                }
                #expect(try await s3.error("GetObject", #"{"Bucket":"there","Key":"k"}"#)?.code == "NoSuchKey")
                // A marker may go, as far as the role is concerned.
                try await s3.call("DeleteObject", #"{"Bucket":"here","Key":"k"}"#)
                try await s3.host.until {
                    let page = try await s3.call("ListObjectVersions", #"{"Bucket":"there"}"#)
                    return page["DeleteMarkers"]?.elements.first { _ in true } != nil
                }
            }
            let events = try await events(folder)
            #expect(events.map { $0["eventName"]?.string } == ["Replication:OperationFailedReplication"])
            let data = events.first?["replicationEventData"]
            #expect(data?["failureReason"]?.string == "DstPutObjectNotPermitted")
            #expect(data?["s3Operation"]?.string == "OBJECT_PUT")
        }
    }

    @Test("What nobody answers is tried on; time control tells when it is late, and when it came after all")
    func lateness() async throws {
        try await TemporaryFolder.with { folder in
            try await with(folder: folder) { s3, roles in
                roles.isAway.withLock { $0 = true }
                try await listen(s3)
                try await replicate(s3, rule(destination: Self.timeControl))
                try await s3.put("k", [1], bucket: "here")
                s3.host.host.startWorkers()
                let limit = s3.host.clock.now + .seconds(17 * 60)
                try await s3.host.until {
                    s3.host.clock.advance(by: .seconds(5))
                    let seen = try await status("k", in: s3)
                    #expect(seen == "PENDING")
                    return s3.host.clock.now > limit
                }
                roles.isAway.withLock { $0 = false }
                try await s3.host.until {
                    s3.host.clock.advance(by: .seconds(5))
                    return try await status("k", in: s3) == "COMPLETED"
                }
                #expect(try await s3.get("k", bucket: "there").bytes == [1])
            }
            let names = try await events(folder).map { $0["eventName"]?.string }
            #expect(
                names == ["Replication:OperationMissedThreshold", "Replication:OperationReplicatedAfterThreshold"])
        }
    }

    @Test("Replicas belong to the source's owner, or to the bucket's where the rule says so")
    func owners() async throws {
        let stranger = "111111111111"
        try await with { s3, _ in
            try await s3.host.call(
                "s3", "CreateBucket", #"{"Bucket":"abroad","ObjectOwnership":"ObjectWriter"}"#,
                as: .root(of: stranger))
            try await s3.host.call(
                "s3", "PutBucketVersioning", #"{"Bucket":"abroad","VersioningConfiguration":{"Status":"Enabled"}}"#,
                as: .root(of: stranger))
            func replica(_ key: String, _ destination: String) async throws -> String? {
                try await replicate(
                    s3,
                    #"""
                    {"ID":"all","Priority":1,"Status":"Enabled","Filter":{},"DeleteMarkerReplication":{"Status":"Disabled"},
                     "Destination":{"Bucket":"arn:aws:s3:::abroad"\#(destination)}}
                    """#)
                try await s3.put(key, [1], bucket: "here")
                #expect(try await untilSettled(key, in: s3) == "COMPLETED")
                let list = try await s3.host.call(
                    "s3", "GetObjectAcl", #"{"Bucket":"abroad","Key":"\#(key)"}"#, as: .root(of: stranger))
                return list["Owner", "ID"]?.string
            }
            s3.host.host.startWorkers()
            #expect(try await replica("a", "") == CanonicalUser(Self.account).id)
            let override = #","Account":"\#(stranger)","AccessControlTranslation":{"Owner":"Destination"}"#
            #expect(try await replica("b", override) == CanonicalUser(stranger).id)
        }
    }

    @Test("The first form of a configuration brings markers along")
    func firstForm() async throws {
        try await with { s3, _ in
            try await replicate(
                s3, #"{"Prefix":"in/","Status":"Enabled","Destination":{"Bucket":"arn:aws:s3:::there"}}"#)
            s3.host.host.startWorkers()
            try await s3.call("DeleteObject", #"{"Bucket":"here","Key":"out/k"}"#)
            try await s3.call("DeleteObject", #"{"Bucket":"here","Key":"in/k"}"#)
            try await s3.host.until {
                let page = try await s3.call("ListObjectVersions", #"{"Bucket":"there"}"#)
                return page["DeleteMarkers"]?.elements.map { $0["Key"]?.string } == ["in/k"]
            }
        }
    }

    @Test("A version that goes before it was brought is forgotten")
    func forgotten() async throws {
        try await with { s3, roles in
            roles.isAway.withLock { $0 = true }
            try await replicate(s3, rule())
            let version = try await s3.put("k", [1], bucket: "here")["VersionId"]?.string
            try await s3.call(
                "DeleteObject", #"{"Bucket":"here","Key":"k","VersionId":"\#(try #require(version))"}"#)
            roles.isAway.withLock { $0 = false }
            s3.host.host.startWorkers()
            try await s3.put("other", [2], bucket: "here")
            #expect(try await untilSettled("other", in: s3) == "COMPLETED")
            let page = try await s3.call("ListObjectVersions", #"{"Bucket":"there"}"#)
            #expect(page["Versions"]?.elements.map { $0["Key"]?.string } == ["other"])
        }
    }

    @Test("The rule of the greatest priority decides for each bucket; tags and prefixes choose")
    func rules() throws {
        func rule(_ id: String, _ priority: Int, _ filter: String, to bucket: String, _ status: String = "Enabled")
            -> String
        {
            #"""
            {"ID":"\#(id)","Priority":\#(priority),"Status":"\#(status)","Filter":\#(filter),
             "DeleteMarkerReplication":{"Status":"Disabled"},"Destination":{"Bucket":"arn:aws:s3:::\#(bucket)"}}
            """#
        }
        let tag = #"{"Key":"a","Value":"1"}"#
        let json = [
            rule("low", 1, #"{"Prefix":""}"#, to: "one"), rule("high", 5, #"{"Prefix":"x/"}"#, to: "one"),
            rule("off", 9, "{}", to: "one", "Disabled"), rule("tagged", 2, #"{"Tag":\#(tag)}"#, to: "two"),
        ].joined(separator: ",")
        let document = try JSONDocument(Array(#"{"Role":"\#(Self.role)","Rules":[\#(json)]}"#.utf8)).root
        let configuration = try #require(try ReplicationConfiguration(document))
        let tags = try Tags([ServiceKit.Tag(key: "a", value: "1")])
        #expect(configuration.rules(for: "y", try Tags([])).map(\.id) == ["low"])
        #expect(configuration.rules(for: "x/y", tags).map(\.id) == ["high", "tagged"])
        #expect(configuration.rule("gone", to: "one", for: "x/y")?.id == "high")
        #expect(configuration.rule("low", to: "one", for: "x/y")?.id == "low")
        #expect(configuration.rules(forMarkerOn: "x/y").isEmpty)
    }
}
