import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Exports")
struct ExportTests {
    @Test("are gzip that comes back as it was, and nothing that is cut off or grows without bounds")
    func gzip() throws {
        let text = Array(String(repeating: "An item a line.\n", count: 40_000).utf8)
        let packed = try Gzip.compress(text)
        #expect(packed.count < text.count / 50)
        #expect(try Gzip.expand(packed, limit: text.count) == text)
        #expect(try Gzip.expand(packed + packed, limit: text.count * 2) == text + text)
        #expect(throws: Gzip.Failure.self) { try Gzip.expand(Array(packed.dropLast()), limit: text.count) }
        #expect(throws: Gzip.Failure.self) { try Gzip.expand(packed, limit: text.count - 1) }
        #expect(throws: Gzip.Failure.self) { try Gzip.expand(text, limit: text.count) }
    }

    @Test("need recovery turned on, take one token for one export, and are refused where they cannot be made")
    func asking() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let arn = "arn:aws:dynamodb:us-east-1:\(TestHost.account):table/table"
            let ask = #"{"TableArn":"\#(arn)","S3Bucket":"bucket","ClientToken":"once"}"#
            #expect(
                try await db.error("ExportTableToPointInTime", ask).hasPrefix("PointInTimeRecoveryUnavailableException")
            )
            try await db.call(
                "UpdateContinuousBackups",
                #"{"TableName":"table","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}"#)
            let first = try await db.call("ExportTableToPointInTime", ask)
            #expect(try await db.call("ExportTableToPointInTime", ask) == first)
            #expect(
                try await db.error(
                    "ExportTableToPointInTime",
                    #"{"TableArn":"\#(arn)","S3Bucket":"bucket","ExportType":"INCREMENTAL_EXPORT"}"#
                ).hasPrefix("ValidationException: "))
            let page = try await db.host.call("dynamodb", "ListExports", #"{"TableArn":"\#(arn)"}"#)
            #expect(page["ExportSummaries"].map { Array($0.elements).count } == 1)
        }
    }
}
