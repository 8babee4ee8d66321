import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct LifecycleTests {
    private static let day = Duration.seconds(24 * 3600)
    private static let rules = #"""
        [{"ID":"old","Status":"Enabled","Filter":{"Prefix":"old/"},"Expiration":{"Days":1}},
         {"ID":"cold","Status":"Enabled","Filter":{"And":{"Prefix":"cold/","ObjectSizeGreaterThan":0}},
          "Transitions":[{"Days":1,"StorageClass":"GLACIER_IR"}]},
         {"ID":"uploads","Status":"Enabled","Filter":{"Prefix":""},
          "AbortIncompleteMultipartUpload":{"DaysAfterInitiation":1},
          "NoncurrentVersionExpiration":{"NoncurrentDays":1},"Expiration":{"ExpiredObjectDeleteMarker":true}}]
        """#

    private func put(_ rules: String, in s3: S3Fixture) async throws -> ServiceError? {
        try await s3.error(
            "PutBucketLifecycleConfiguration",
            #"{"Bucket":"pictures","LifecycleConfiguration":{"Rules":\#(rules)}}"#)
    }

    @Test("In a bucket with versions rules leave a marker, then remove what is below it, then the marker")
    func versions() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.call(
                "PutBucketVersioning", #"{"Bucket":"pictures","VersioningConfiguration":{"Status":"Enabled"}}"#)
            #expect(try await put(Self.rules, in: s3) == nil)
            let expiry = try await s3.put("old/a", testBytes(50_000))["Expiration"]?.string
            #expect(expiry == #"expiry-date="Thu, 16 Nov 2023 00:00:00 GMT", rule-id="old""#)
            #expect(try await s3.get("old/a").head["Expiration"]?.string == expiry)
            try await s3.put("cold/a", [1])
            try await s3.put("kept", [1])
            let upload = try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"big"}"#)
            #expect(upload["AbortRuleId"]?.string == "uploads")
            s3.host.host.startWorkers()
            func count() async throws -> [Int] {
                let page = try await s3.call("ListObjectVersions", #"{"Bucket":"pictures","Prefix":"old/"}"#)
                return ["Versions", "DeleteMarkers"].map { name in page[name]?.elements.map { _ in 1 }.count ?? 0 }
            }
            try await s3.host.until { s3.host.clock.sleeperCount >= 3 }
            #expect(try await count() == [1, 0])
            for expected in [[1, 1], [0, 1], [0, 0]] {
                // Each step is due a day or more after the one before.
                try await s3.host.until {
                    s3.host.clock.advance(by: .seconds(3600))
                    return try await count() == expected
                }
            }
            #expect(try await s3.get("cold/a").head["StorageClass"]?.string == "GLACIER_IR")
            #expect(try await s3.keys() == ["cold/a", "kept"])
            let uploads = try await s3.call("ListMultipartUploads", #"{"Bucket":"pictures"}"#)
            #expect(uploads["Uploads"]?.elements.map { _ in 1 }.count == 0)
        }
    }

    @Test("What rules do is in the events and in the access log")
    func traces() async throws {
        try await TemporaryFolder.with { folder in
            try await S3Fixture.with(folder) { s3 in
                try await s3.createBucket()
                try await s3.call("CreateBucket", #"{"Bucket":"logs","ObjectOwnership":"ObjectWriter"}"#)
                try await s3.call("PutBucketAcl", #"{"Bucket":"logs","ACL":"log-delivery-write"}"#)
                try await s3.call(
                    "PutBucketLogging",
                    #"""
                    {"Bucket":"pictures","BucketLoggingStatus":{"LoggingEnabled":{"TargetBucket":"logs","TargetPrefix":""}}}
                    """#)
                try await s3.call(
                    "PutBucketNotificationConfiguration",
                    #"""
                    {"Bucket":"pictures","SkipDestinationValidation":true,"NotificationConfiguration":{
                      "QueueConfigurations":[{"QueueArn":"arn:aws:sqs:us-east-1:000000000000:q",
                        "Events":["s3:LifecycleExpiration:*","s3:LifecycleTransition"]}]}}
                    """#)
                #expect(try await put(Self.rules, in: s3) == nil)
                try await s3.put("old/a b", [1, 2, 3])
                try await s3.put("cold/a", [1])
                s3.host.host.startWorkers()
                var lines: [String] = []
                try await s3.host.until {
                    s3.host.clock.advance(by: .seconds(3600))
                    lines = try await loggedLines(s3)
                    return lines.count == 2
                }
                #expect(lines.contains { $0.contains(#" S3.EXPIRE.OBJECT old/a%20b "-" - - - 3 - - "-" "-" - "#) })
                #expect(
                    lines.contains { $0.contains(" - AmazonS3 ") && $0.contains(" S3.TRANSITION_GIR.OBJECT cold/a ") })
                #expect(try await s3.keys() == ["cold/a"])
                #expect(try await s3.get("cold/a").head["StorageClass"]?.string == "GLACIER_IR")
            }
            try await Self.checkEvents(folder)
        }
    }

    /// What access logs that were delivered say of rules.
    private func loggedLines(_ s3: S3Fixture) async throws -> [String] {
        let page = try await s3.call("ListObjectsV2", #"{"Bucket":"logs"}"#)
        var lines: [String] = []
        for key in page["Contents"]?.elements.compactMap({ $0["Key"]?.string }) ?? [] {
            let text = String(decoding: try await s3.get(key, bucket: "logs").bytes, as: UTF8.self)
            lines += text.split(separator: "\n").filter { $0.contains(" S3.") }.map(String.init)
        }
        return lines
    }

    private static func checkEvents(_ folder: String) async throws {
        let database = try Database(path: "\(folder)/objects/objects.db", migrations: [])
        defer { database.close() }
        let records = try await EventLog(database).read(after: nil, limit: 100).events.compactMap {
            try JSONDocument($0.body).root["message", "Records"]?.elements.first { _ in true }
        }
        #expect(records.map { $0["eventName"]?.string } == ["LifecycleTransition", "LifecycleExpiration:Delete"])
        #expect(records.allSatisfy { $0["eventVersion"]?.string == "2.3" })
        let data = records.first?["lifecycleEventData", "transitionEventData", "destinationStorageClass"]
        #expect(data?.string == "GLACIER_IR")
    }

    @Test(
        "Rules that AWS refuses are refused in its words",
        arguments: [
            (#"[{"Status":"Enabled","Expiration":{"Days":1}}]"#, "MalformedXML"),
            (
                #"[{"Status":"Enabled","Filter":{"Prefix":"a","Tag":{"Key":"k","Value":"v"}},"Expiration":{"Days":1}}]"#,
                "MalformedXML"
            ),
            (#"[{"Status":"Enabled","Filter":{"And":{"Prefix":"a"}},"Expiration":{"Days":1}}]"#, "MalformedXML"),
            (#"[{"Status":"Enabled","Prefix":"","Filter":{},"Expiration":{"Days":1}}]"#, "MalformedXML"),
            (#"[{"Status":"Enabled","Prefix":"","Expiration":{}}]"#, "MalformedXML"),
            (
                #"[{"Status":"Enabled","Prefix":"","Expiration":{"Days":1,"ExpiredObjectDeleteMarker":true}}]"#,
                "MalformedXML"
            ),
            (
                #"[{"Status":"Enabled","Prefix":"","NoncurrentVersionExpiration":{"NewerNoncurrentVersions":1}}]"#,
                "NewerNoncurrentVersions element can only be used in Lifecycle V2."
            ),
            (#"[{"Status":"Enabled","Filter":{},"NoncurrentVersionExpiration":{}}]"#, "MalformedXML"),
            (#"[{"Status":"Enabled","Prefix":""}]"#, "At least one action needs to be specified in a rule"),
            (
                #"[{"Status":"Enabled","Prefix":"","Expiration":{"Days":0}}]"#,
                "'Days' for Expiration action must be a positive integer"
            ),
            (#"[{"Status":"Enabled","Prefix":"","Expiration":{"Date":1420070401}}]"#, "'Date' must be at midnight GMT"),
            (
                #"[{"Status":"Enabled","Filter":{"Tag":{"Key":"k","Value":"v"}},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":1}}]"#,
                "AbortIncompleteMultipartUpload cannot be specified with Tags."
            ),
            (
                #"[{"Status":"Enabled","Filter":{"ObjectSizeLessThan":9},"Expiration":{"ExpiredObjectDeleteMarker":true}}]"#,
                "ExpiredObjectDeleteMarker cannot be specified with Object Size."
            ),
            (
                #"[{"Status":"Enabled","Filter":{"And":{"ObjectSizeGreaterThan":9,"ObjectSizeLessThan":9}},"Expiration":{"Days":1}}]"#,
                "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."
            ),
            (
                #"[{"Status":"Enabled","Prefix":"","Transitions":[{"Days":29,"StorageClass":"STANDARD_IA"}]}]"#,
                "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'"
            ),
            (
                #"[{"Status":"Enabled","Filter":{"Prefix":"p/"},"Transitions":[{"Days":9,"StorageClass":"GLACIER"}],"Expiration":{"Days":9}}]"#,
                "'Days' in the Expiration action for filter '(prefix=p/)' must be greater than 'Days' in the Transition action"
            ),
            (
                #"[{"Status":"Enabled","Prefix":"a","Expiration":{"Days":1}},{"Status":"Enabled","Prefix":"ab","Expiration":{"Days":2}}]"#,
                "Found overlapping prefixes 'a' and 'ab' for same action type 'Expiration'"
            ),
        ])
    func refusals(_ rules: String, _ refusal: String) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let error = try #require(try await put(rules, in: s3))
            #expect(error.code == refusal || error.message == refusal, "\(error.code): \(error.message)")
        }
    }

    @Test("The size from which objects move comes back, and is AWS's where nobody says another")
    func minimumSize() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let name = "TransitionDefaultMinimumObjectSize"
            let put = #""Bucket":"pictures","LifecycleConfiguration":{"Rules":\#(Self.rules)}"#
            #expect(
                try await s3.call("PutBucketLifecycleConfiguration", "{\(put)}")[name]?.string
                    == "all_storage_classes_128K")
            try await s3.call(
                "PutBucketLifecycleConfiguration", #"{\#(put),"\#(name)":"varies_by_storage_class"}"#)
            let answer = try await s3.call("GetBucketLifecycleConfiguration", #"{"Bucket":"pictures"}"#)
            #expect(answer[name]?.string == "varies_by_storage_class")
            #expect(answer["Rules"]?.elements.map { _ in 1 }.count == 3)
            let wrong = try await s3.error("PutBucketLifecycleConfiguration", #"{\#(put),"\#(name)":"128K"}"#)
            #expect(wrong?.message == "Invalid TransitionDefaultMinimumObjectSize found: 128K")
        }
    }
}
