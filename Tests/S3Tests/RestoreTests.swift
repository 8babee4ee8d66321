import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct RestoreTests {
    private let day = Duration.seconds(24 * 3600)

    private func restore(_ key: String, days: Int = 2, _ more: String = "") -> String {
        #"{"Bucket":"pictures","Key":"\#(key)","RestoreRequest":{"Days":\#(days)\#(more)}}"#
    }

    private func head(_ key: String, _ s3: S3Fixture) async throws -> JSONValue {
        try await s3.call("HeadObject", #"{"Bucket":"pictures","Key":"\#(key)"}"#)
    }

    private func readable(_ key: String, _ s3: S3Fixture) async throws -> Bool {
        try await s3.error("GetObject", #"{"Bucket":"pictures","Key":"\#(key)"}"#) == nil
    }

    @Test(
        "Every class of general purpose buckets is kept and told, the standard one by silence",
        arguments: [
            "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER",
            "DEEP_ARCHIVE", "GLACIER_IR",
        ])
    func classes(_ name: String) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("cat", [1], #","StorageClass":"\#(name)""#)
            #expect(try await head("cat", s3)["StorageClass"]?.string == (name == "STANDARD" ? nil : name))
            let listed = try await s3.call("ListObjectsV2", #"{"Bucket":"pictures"}"#)
            #expect(listed["Contents"]?.elements.first { _ in true }?["StorageClass"]?.string == name)
            let isArchive = ["GLACIER", "DEEP_ARCHIVE"].contains(name)
            #expect(try await readable("cat", s3) != isArchive)
        }
    }

    @Test("Classes of other kinds of buckets are refused", arguments: ["OUTPOSTS", "EXPRESS_ONEZONE", "ICE"])
    func foreignClasses(_ name: String) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let input = #"{"Bucket":"pictures","Key":"cat","StorageClass":"\#(name)"}"#
            #expect(try await s3.error("PutObject", input, body: [1])?.code == "InvalidStorageClass")
        }
    }

    @Test("An archived object is read and copied only while it is restored, and its owner is told of each step")
    func life() async throws {
        try await TemporaryFolder.with { folder in
            try await S3Fixture.with(folder) { s3 in
                try await s3.createBucket()
                try await s3.call(
                    "PutBucketNotificationConfiguration",
                    #"""
                    {"Bucket":"pictures","SkipDestinationValidation":true,"NotificationConfiguration":{
                      "QueueConfigurations":[{"QueueArn":"arn:aws:sqs:us-east-1:000000000000:q","Events":["s3:ObjectRestore:*"]}]}}
                    """#)
                try await s3.put("cat", [1, 2, 3], #","StorageClass":"GLACIER""#)
                let refusal = try await s3.error("GetObject", #"{"Bucket":"pictures","Key":"cat"}"#)
                #expect(refusal?.code == "InvalidObjectState" && refusal?.status == 403)
                let copy = #"{"Bucket":"pictures","Key":"copy","CopySource":"pictures/cat"}"#
                #expect(try await s3.error("CopyObject", copy)?.code == "InvalidObjectState")

                #expect(try await s3.call("RestoreObject", restore("cat"))["IsAccepted"]?.bool == true)
                #expect(try await head("cat", s3)["Restore"]?.string == #"ongoing-request="true""#)
                #expect(try await s3.error("RestoreObject", restore("cat"))?.code == "RestoreAlreadyInProgress")
                #expect(try await !readable("cat", s3))

                s3.host.host.startWorkers()
                try await s3.host.until { s3.host.clock.sleeperCount >= 3 }
                s3.host.clock.advance(by: .seconds(6))
                try await s3.host.until { try await readable("cat", s3) }
                // Two days and what is left of the last one.
                let expiry = Restoration.expiry(days: 2, from: s3.host.clock.now)
                #expect(
                    try await head("cat", s3)["Restore"]?.string
                        == #"ongoing-request="false", expiry-date="\#(expiry.httpDate)""#)
                #expect(try await s3.get("cat").bytes == [1, 2, 3])
                try await s3.call("CopyObject", copy)
                #expect(try await s3.call("RestoreObject", restore("cat", days: 1))["IsAccepted"]?.bool == false)
                s3.host.clock.advance(by: day * 3)
                try await s3.host.until { try await !readable("cat", s3) }
                #expect(try await head("cat", s3)["Restore"] == nil)
                #expect(try await s3.get("copy").bytes == [1, 2, 3])
            }
            let database = try Database(path: "\(folder)/objects/objects.db", migrations: [])
            defer { database.close() }
            let events = try await EventLog(database).read(after: nil, limit: 100).events.map { event in
                try JSONDocument(event.body).root["message", "Records"]?.elements.first { _ in true }
            }
            #expect(
                events.map { $0?["eventName"]?.string } == [
                    "ObjectRestore:Post", "ObjectRestore:Completed", "ObjectRestore:Delete",
                ])
            let restored = events[1]?["glacierEventData", "restoreEventData"]
            #expect(restored?["lifecycleRestoreStorageClass"]?.string == "GLACIER")
        }
    }

    @Test("A restoration goes on after a restart, and a new object under its key has none")
    func restart() async throws {
        try await TemporaryFolder.with { folder in
            try await S3Fixture.with(folder) { s3 in
                try await s3.createBucket()
                for key in ["cat", "dog"] {
                    try await s3.put(key, testBytes(50_000), #","StorageClass":"DEEP_ARCHIVE""#)
                    try await s3.call("RestoreObject", restore(key))
                }
                try await s3.put("dog", [1], #","StorageClass":"GLACIER""#)
            }
            try await S3Fixture.with(folder) { s3 in
                #expect(try await head("cat", s3)["Restore"] != nil)
                #expect(try await head("dog", s3)["Restore"] == nil)
                s3.host.host.startWorkers()
                try await s3.host.until { s3.host.clock.sleeperCount >= 3 }
                s3.host.clock.advance(by: .seconds(60))
                try await s3.host.until { try await readable("cat", s3) }
                #expect(try await s3.get("cat").bytes == testBytes(50_000))
                #expect(try await !readable("dog", s3))
            }
        }
    }

    @Test("A faster tier may be asked for while a slower one is on its way, and no other")
    func tiers() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("cat", [1], #","StorageClass":"GLACIER""#)
            try await s3.put("ice", [1], #","StorageClass":"DEEP_ARCHIVE""#)
            try await s3.put("dog", [1])
            let bulk = #","GlacierJobParameters":{"Tier":"Bulk"}"#
            let expedited = #","GlacierJobParameters":{"Tier":"Expedited"}"#
            try await s3.call("RestoreObject", restore("cat", bulk))
            #expect(try await s3.error("RestoreObject", restore("cat", bulk))?.status == 409)
            #expect(try await s3.call("RestoreObject", restore("cat", expedited))["IsAccepted"]?.bool == true)
            #expect(try await s3.error("RestoreObject", restore("cat"))?.status == 409)
            #expect(try await s3.error("RestoreObject", restore("ice", expedited))?.code == "InvalidRequest")
            #expect(try await s3.error("RestoreObject", restore("dog"))?.code == "InvalidObjectState")
            #expect(try await s3.error("RestoreObject", restore("none"))?.code == "NoSuchKey")
            let noDays = #"{"Bucket":"pictures","Key":"ice","RestoreRequest":{}}"#
            #expect(try await s3.error("RestoreObject", noDays)?.code == "MalformedXML")
        }
    }

    @Test("Lists tell of restorations where they are asked to")
    func listed() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("cat", [1], #","StorageClass":"GLACIER""#)
            try await s3.call("RestoreObject", restore("cat"))
            for (operation, member) in [
                ("ListObjectsV2", "Contents"), ("ListObjects", "Contents"), ("ListObjectVersions", "Versions"),
            ] {
                let asked = #"{"Bucket":"pictures","OptionalObjectAttributes":["RestoreStatus"]}"#
                let line = try await s3.call(operation, asked)[member]?.elements.first { _ in true }
                #expect(line?["RestoreStatus", "IsRestoreInProgress"]?.bool == true, "\(operation)")
                let plain = try await s3.call(operation, #"{"Bucket":"pictures"}"#)[member]?.elements.first { _ in true
                }
                #expect(plain?["Key"]?.string == "cat" && plain?["RestoreStatus"] == nil, "\(operation)")
            }
        }
    }

    private func restore(_ key: String, _ more: String) -> String { restore(key, days: 1, more) }
}
