import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct NotificationTests {
    private static let configuration = #"""
        {"Bucket":"pictures","NotificationConfiguration":{
          "LambdaFunctionConfigurations":[{"Id":"thumb","LambdaFunctionArn":"arn:aws:lambda:us-east-1:000000000000:function:f",
            "Events":["s3:ObjectCreated:*"],
            "Filter":{"Key":{"FilterRules":[{"Name":"prefix","Value":"in/"},{"Name":"suffix","Value":".jpg"}]}}}],
          "QueueConfigurations":[{"QueueArn":"arn:aws:sqs:us-east-1:000000000000:q","Events":["s3:ObjectRemoved:*"]}]}}
        """#

    /// What the body's calls recorded, read when the service has stopped.
    private func events(_ body: (S3Fixture) async throws -> Void) async throws -> [RecordedEvent] {
        try await TemporaryFolder.with { folder in
            try await S3Fixture.with(folder, body)
            let database = try Database(path: "\(folder)/objects/objects.db", migrations: [])
            defer { database.close() }
            return try await EventLog(database).read(after: nil, limit: 100).events
        }
    }

    @Test("A change that a rule fits is recorded in AWS's form, one event for each destination")
    func record() async throws {
        let events = try await events { s3 in
            try await s3.createBucket()
            try await s3.call("PutBucketNotificationConfiguration", Self.configuration)
            try await s3.put("in/a b.jpg", [1, 2])
            try await s3.put("in/a.png", [1])
            try await s3.put("other.jpg", [1])
            try await s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"other.jpg"}"#)
        }
        // The first tells the queue that it will be told; functions hear only of objects.
        let types = ["ObjectNotification.Queue", "ObjectNotification.Function", "ObjectNotification.Queue"]
        #expect(events.map(\.type) == types)
        let test = try JSONDocument(events[0].body).root
        #expect(test["target"]?.string == "arn:aws:sqs:us-east-1:000000000000:q")
        #expect(test["message", "Event"]?.string == "s3:TestEvent")
        #expect(test["message", "Bucket"]?.string == "pictures")
        let body = try JSONDocument(events[1].body).root
        #expect(body["target"]?.string == "arn:aws:lambda:us-east-1:000000000000:function:f")
        let record = body["message", "Records"]?.elements.first { _ in true }
        #expect(record?["eventName"]?.string == "ObjectCreated:Put")
        #expect(record?["s3", "object", "key"]?.string == "in/a+b.jpg")
        #expect(record?["s3", "object", "size"]?.int64 == 2)
        #expect(record?["s3", "configurationId"]?.string == "thumb")
        #expect(record?["s3", "bucket", "arn"]?.string == "arn:aws:s3:::pictures")
        let removed = try JSONDocument(events[2].body).root["message", "Records"]?.elements.first { _ in true }
        #expect(removed?["eventName"]?.string == "ObjectRemoved:Delete")
    }

    @Test("A bucket with the thumbnail tag tells Thumbnails")
    func thumbnails() async throws {
        let events = try await events { s3 in
            try await s3.createBucket()
            try await s3.call(
                "PutBucketTagging",
                #"{"Bucket":"pictures","Tagging":{"TagSet":[{"Key":"apus:thumbnails","Value":"128"}]}}"#)
            try await s3.put("a.jpg", [1])
        }
        #expect(events.map(\.type) == ["ObjectNotification.Thumbnails"])
        #expect(try events[0].members()("target") == "128")
    }

    @Test("Rules with unknown events, wrong targets or overlaps are refused")
    func badRules() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            func code(_ rules: String) async throws -> String? {
                try await s3.error(
                    "PutBucketNotificationConfiguration",
                    #"{"Bucket":"pictures","NotificationConfiguration":{"QueueConfigurations":[\#(rules)]}}"#)?.code
            }
            let queue = #""QueueArn":"arn:aws:sqs:us-east-1:000000000000:q""#
            #expect(try await code(#"{\#(queue),"Events":["s3:Unheard:Of"]}"#) == "InvalidArgument")
            #expect(
                try await code(#"{"QueueArn":"arn:aws:sns:us-east-1:0:t","Events":["s3:ObjectCreated:*"]}"#)
                    == "InvalidArgument")
            let one = #"{\#(queue),"Events":["s3:ObjectCreated:*"]}"#
            let two = #"{\#(queue),"Events":["s3:ObjectCreated:Put"]}"#
            #expect(try await code("\(one),\(two)") == "InvalidArgument")
            #expect(try await code(one) == nil)
        }
    }
}
