import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Exports")
struct ExportTests {
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
