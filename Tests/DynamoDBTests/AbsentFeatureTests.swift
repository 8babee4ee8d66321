import ServiceKit
import TestSupport
import Testing

@Suite("What Apus does not do for tables")
struct AbsentFeatureTests {
    @Test("Nobody counts the keys most used, and nobody is told otherwise")
    func contributorInsights() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let ask = #"{"TableName":"table","ContributorInsightsAction""#
            #expect(
                try await db.error("UpdateContributorInsights", ask + #":"ENABLE"}"#).hasPrefix("ValidationException"))
            try await db.call("UpdateContributorInsights", ask + #":"DISABLE"}"#)
            let described = try await db.call("DescribeContributorInsights", #"{"TableName":"table"}"#)
            #expect(described.contains(#""ContributorInsightsStatus":"DISABLED""#))
            #expect(try await db.call("ListContributorInsights") == #"{"ContributorInsightsSummaries":[]}"#)
            #expect(
                try await db.error("DescribeContributorInsights", #"{"TableName":"table","IndexName":"none"}"#)
                    == "ResourceNotFoundException: Requested resource not found: Index: none not found for table: table"
            )
        }
    }

    @Test("No Kinesis stream can be named, and so none is changed or left")
    func kinesis() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let stream = "arn:aws:kinesis:us-east-1:\(TestHost.account):stream/changes"
            let ask = #"{"TableName":"table","StreamArn":"\#(stream)"}"#
            #expect(
                try await db.error("EnableKinesisStreamingDestination", ask)
                    == "ValidationException: User does not have a permission to use kinesis stream")
            let fault = "ValidationException: Table is not in a valid state to enable Kinesis Streaming Destination: "
            #expect(
                try await db.error("DisableKinesisStreamingDestination", ask)
                    == fault + "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.")
            #expect(
                try await db.error("UpdateKinesisStreamingDestination", ask)
                    == fault
                    + "No streaming destination with streamArn: \(stream) found for table with tableName: table")
            #expect(
                try await db.call("DescribeKinesisStreamingDestination", #"{"TableName":"table"}"#)
                    == #"{"TableName":"table","KinesisDataStreamDestinations":[]}"#)
            #expect(
                try await db.error(
                    "EnableKinesisStreamingDestination", #"{"TableName":"none","StreamArn":"\#(stream)"}"#
                ).hasPrefix("ResourceNotFoundException"))
        }
    }

    @Test("No table is a global one, whose replicas could be scaled", arguments: ["Describe", "Update"])
    func replicaScaling(_ verb: String) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            #expect(
                try await db.error("\(verb)TableReplicaAutoScaling", #"{"TableName":"table"}"#)
                    == "ResourceNotFoundException: Global table with name: 'table' does not exist.")
        }
    }
}
