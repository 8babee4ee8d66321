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
            let changes = [(#""bucket""#, #""other""#), ("table/table", "table/none"), ("}", #","S3Prefix":"p"}"#)]
            for (one, other) in changes {
                let asked = ask.replacing(one, with: other)
                #expect(try await db.error("ExportTableToPointInTime", asked).hasPrefix("ExportConflictException"))
            }
            #expect(
                try await db.error(
                    "ExportTableToPointInTime",
                    #"{"TableArn":"\#(arn)","S3Bucket":"bucket","ExportType":"INCREMENTAL_EXPORT"}"#
                ).hasPrefix("ValidationException: "))
            #expect(
                try await db.error("ExportTableToPointInTime", #"{"TableArn":"\#(arn)2","S3Bucket":"bucket"}"#)
                    == "TableNotFoundException: Table not found: \(arn)2")
            let page = try await db.host.call("dynamodb", "ListExports", #"{"TableArn":"\#(arn)"}"#)
            #expect(page["ExportSummaries"].map { Array($0.elements).count } == 1)
        }
    }

    /// The lines of an export of what was written between two moments.
    private static func lines(_ db: DynamoDBHost, _ span: ExportSpan, _ format: TableExport.Format = .json)
        async throws -> [String]
    {
        let table = try #require(db.tables.catalog.all.first)
        _ = try await db.tables.writeFile(of: TableChanges(table: table, span: span), to: "changes")
        let export = TableExport(
            arn: "arn/id", tableARN: table.arn.description, tableID: table.uuid, account: TestHost.account,
            region: table.region, exportTime: span.to, startTime: span.to, clientToken: nil, bucket: "bucket",
            bucketOwner: nil, prefix: nil, format: format, encryption: nil, keyID: nil, span: span, file: "changes",
            caller: [])
        #expect(export.dataKey(0) == "AWSDynamoDB/data/id-00000000.\(format.fileExtension).gz")
        return try db.tables.backups.read("changes", from: 0, limit: 100).items.map { item in
            String(decoding: try export.line(item).dropLast(), as: UTF8.self)
        }
    }

    @Test("of changes tell of each key what it was before and behind a span of time, whatever came between")
    func changes() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.call(
                "UpdateContinuousBackups",
                #"{"TableName":"table","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}"#)
            for name in ["changed", "deleted", "untouched", "later"] { try await Self.put(name, 0, db) }
            db.clock.advance(by: .seconds(60))
            let from = db.clock.now
            for number in 1...2 { try await Self.put("changed", number, db) }
            for name in ["new", "passing"] { try await Self.put(name, 1, db) }
            for name in ["deleted", "passing"] { try await Self.delete(name, db) }
            db.clock.advance(by: .seconds(3600))
            let to = db.clock.now
            for name in ["changed", "new", "later"] { try await Self.put(name, 9, db) }
            try await Self.delete("new", db)
            let written = ReplicaVersion.ticks(from)
            let metadata = #""Metadata":{"WriteTimestampMicros":{"N":"\#(written)"}}"#
            let both = try await Self.lines(db, ExportSpan(from: from, to: to, view: .newAndOldImages))
            #expect(
                both == [
                    #"{"Keys":{"p":{"S":"changed"}},\#(metadata),"NewImage":{"n":{"N":"2"},"p":{"S":"changed"}},"OldImage":{"n":{"N":"0"},"p":{"S":"changed"}}}"#,
                    #"{"Keys":{"p":{"S":"new"}},\#(metadata),"NewImage":{"n":{"N":"1"},"p":{"S":"new"}}}"#,
                    #"{"Keys":{"p":{"S":"deleted"}},\#(metadata),"OldImage":{"n":{"N":"0"},"p":{"S":"deleted"}}}"#,
                    #"{"Keys":{"p":{"S":"passing"}},\#(metadata)}"#,
                ])
            let ion = "Metadata:{WriteTimestampMicros:\(IonDecimal.text(DynamoDBNumber(Int(written))))}"
            let new = try await Self.lines(db, ExportSpan(from: from, to: to, view: .newImage), .ion)
            #expect(
                new == [
                    #"$ion_1_0 {Keys:{p:"changed"},\#(ion),NewImage:{n:2.,p:"changed"}}"#,
                    #"$ion_1_0 {Keys:{p:"new"},\#(ion),NewImage:{n:1.,p:"new"}}"#,
                    #"$ion_1_0 {Keys:{p:"deleted"},\#(ion)}"#,
                    #"$ion_1_0 {Keys:{p:"passing"},\#(ion)}"#,
                ])
        }
    }

    private static func put(_ name: String, _ number: Int, _ db: DynamoDBHost) async throws {
        try await db.put(#"{"p":{"S":"\#(name)"},"n":{"N":"\#(number)"}}"#)
    }

    private static func delete(_ name: String, _ db: DynamoDBHost) async throws {
        try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"\#(name)"}}}"#)
    }

    @Test("of changes are of 15 minutes to a day, within what the table remembers")
    func spans() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.call(
                "UpdateContinuousBackups",
                #"{"TableName":"table","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}"#)
            let start = db.clock.now.seconds
            db.clock.advance(by: .seconds(48 * 3600))
            let now = db.clock.now.seconds
            let invalid = "ValidationException: One or more parameter values were invalid: "
            for (from, to, fault) in [
                (now - 899, now, invalid), (now - 24 * 3600 - 1, now, invalid), (now, now - 3600, invalid),
                (start - 1, start + 3600, "InvalidExportTimeException"),
                (now - 3600, now + 1, "InvalidExportTimeException"), (now - 3600, now, "none"),
            ] {
                let found = try await db.error(
                    "ExportTableToPointInTime",
                    """
                    {"TableArn":"arn:aws:dynamodb:us-east-1:\(TestHost.account):table/table","S3Bucket":"bucket",\
                    "ExportType":"INCREMENTAL_EXPORT",\
                    "IncrementalExportSpecification":{"ExportFromTime":\(from),"ExportToTime":\(to)}}
                    """)
                #expect(found.hasPrefix(fault), "\(from) \(to)")
            }
            let list = try await db.call("ListExports")
            #expect(list.contains(#""ExportType":"INCREMENTAL_EXPORT""#))
        }
    }
}
