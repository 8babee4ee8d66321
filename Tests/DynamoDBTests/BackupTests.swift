import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Backups")
struct BackupTests {
    private static func put(_ numbers: Range<Int>, _ value: String, in db: DynamoDBHost) async throws {
        for number in numbers {
            try await db.put(#"{"p":{"S":"\#(number)"},"v":{"S":"\#(value)"},"g":{"S":"\#(value)"}}"#)
        }
    }

    /// All items of a table, sorted, one a line.
    private static func items(_ db: DynamoDBHost, of table: String, index: String = "") async throws -> [String] {
        let page = try await db.host.call("dynamodb", "Scan", #"{"TableName":"\#(table)"\#(index)}"#)
        return (page["Items"] ?? page).elements.map { String(decoding: $0.rawBytes, as: UTF8.self) }.sorted()
    }

    private static let index = """
        ,"GlobalSecondaryIndexes":[{"IndexName":"ix1","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],\
        "Projection":{"ProjectionType":"ALL"}}]
        """

    private static func backUp(_ db: DynamoDBHost) async throws -> String {
        let answer = try await db.host.call("dynamodb", "CreateBackup", #"{"TableName":"table","BackupName":"first"}"#)
        return try #require(answer["BackupDetails"]?["BackupArn"]?.string)
    }

    @Test("hold a table as it was, and outlive it, a restart and changes")
    func restore() async throws {
        try await TemporaryFolder.with { folder in
            let (arn, kept) = try await DynamoDBHost.with(folder: folder) { db in
                try await db.createTable(more: Self.index)
                try await Self.put(0..<600, "old", in: db)
                let kept = try await Self.items(db, of: "table")
                let arn = try await Self.backUp(db)
                try await Self.put(0..<10, "new", in: db)
                try await db.call("DeleteTable", #"{"TableName":"table"}"#)
                return (arn, kept)
            }
            try await DynamoDBHost.with(folder: folder) { db in
                #expect(
                    try await db.call("DescribeBackup", #"{"BackupArn":"\#(arn)"}"#).contains(#""ItemCount":600"#))
                try await db.call(
                    "RestoreTableFromBackup", #"{"TargetTableName":"copy","BackupArn":"\#(arn)"}"#)
                #expect(
                    try await db.error("Scan", #"{"TableName":"copy"}"#)
                        == "ResourceNotFoundException: Requested resource not found")
                #expect(
                    try await db.error("DeleteBackup", #"{"BackupArn":"\#(arn)"}"#).hasPrefix("BackupInUseException"))
            }
            // Interrupted; the next start goes on.
            try await DynamoDBHost.with(folder: folder) { db in
                #expect(
                    try await db.call("DescribeTable", #"{"TableName":"copy"}"#).contains(#""TableStatus":"CREATING""#))
                try await Restorer(tables: db.tables).run(at: db.clock.now)
                let description = try await db.call("DescribeTable", #"{"TableName":"copy"}"#)
                #expect(description.contains(#""TableStatus":"ACTIVE""#))
                #expect(description.contains(#""RestoreInProgress":false"#))
                #expect(try await Self.items(db, of: "copy") == kept)
                #expect(try await Self.items(db, of: "copy", index: #","IndexName":"ix1""#) == kept)
                try await db.call("DeleteBackup", #"{"BackupArn":"\#(arn)"}"#)
                #expect(try await db.error("DescribeBackup", #"{"BackupArn":"\#(arn)"}"#).hasPrefix("BackupNotFound"))
            }
        }
    }

    @Test("are listed by table and time, a page at a time")
    func listing() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            var arns: [String] = []
            for _ in 0..<3 {
                arns.append(try await Self.backUp(db))
                db.clock.advance(by: .seconds(1))
            }
            let first = try await db.host.call("dynamodb", "ListBackups", #"{"TableName":"table","Limit":2}"#)
            let names = (first["BackupSummaries"] ?? first).elements.compactMap { $0["BackupArn"]?.string }
            #expect(names == Array(arns.prefix(2)))
            let last = try #require(first["LastEvaluatedBackupArn"]?.string)
            let rest = try await db.call("ListBackups", #"{"ExclusiveStartBackupArn":"\#(last)"}"#)
            #expect(rest.contains(arns[2]) && !rest.contains(arns[1]))
            #expect(try await db.call("ListBackups", #"{"TableName":"other"}"#) == #"{"BackupSummaries":[]}"#)
        }
    }

    @Test("of the past hold a table as it was at any second since recovery was turned on")
    func pointInTime() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let restore = #"{"SourceTableName":"table","TargetTableName":"copy","UseLatestRestorableTime":true}"#
            #expect(
                try await db.error("RestoreTableToPointInTime", restore)
                    == "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table 'table'"
            )
            try await db.call(
                "UpdateContinuousBackups",
                #"{"TableName":"table","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}"#)
            var states: [(Int64, [String])] = []
            let steps: [(DynamoDBHost) async throws -> Void] = [
                { try await Self.put(0..<20, "a", in: $0) }, { try await Self.put(10..<30, "b", in: $0) },
                { try await $0.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"15"}}}"#) },
                { try await Self.put(14..<17, "c", in: $0) },
            ]
            for step in steps {
                db.clock.advance(by: .seconds(10))
                try await step(db)
                states.append((db.clock.now.seconds + 1, try await Self.items(db, of: "table")))
            }
            db.clock.advance(by: .seconds(10))
            for (number, (time, items)) in states.enumerated() {
                try await db.call(
                    "RestoreTableToPointInTime",
                    #"{"SourceTableName":"table","TargetTableName":"copy\#(number)","RestoreDateTime":\#(time)}"#)
                try await Restorer(tables: db.tables).run(at: db.clock.now)
                #expect(try await Self.items(db, of: "copy\(number)") == items)
            }
            #expect(
                try await db.error(
                    "RestoreTableToPointInTime",
                    #"{"SourceTableName":"table","TargetTableName":"no1","RestoreDateTime":1000}"#
                ).hasPrefix("InvalidRestoreTimeException"))
        }
    }

    @Test("forget what lies longer back than they reach")
    func retention() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.call(
                "UpdateContinuousBackups",
                #"{"TableName":"table","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true,"RecoveryPeriodInDays":2}}"#
            )
            try await Self.put(0..<5, "a", in: db)
            db.clock.advance(by: .seconds(3 * 86400))
            try await Retention(tables: db.tables).run(at: db.clock.now)
            let left: Int64? = try await db.tables.read { try $0.value("SELECT count(*) FROM history") }
            #expect(left == 0)
            let earliest = (db.clock.now - .seconds(2 * 86400)).seconds
            #expect(
                try await db.call("DescribeContinuousBackups", #"{"TableName":"table"}"#)
                    .contains(#""EarliestRestorableDateTime":\#(earliest)"#))
        }
    }

    @Test("that are damaged are not restored from")
    func damage() async throws {
        try await TemporaryFolder.with { path in
            let folder = BackupFolder(path: path)
            try folder.write("file") { try $0.append(StoredItem(["p": .string("value")])) }
            #expect(try folder.read("file", from: 0, limit: 10).items.count == 1)
            var bytes = try FileBytes.read(folder.path(of: "file"), limit: 1000)
            bytes[bytes.count - 1] ^= 1
            _ = try FileBytes.createPrivate(folder.path(of: "damaged"), bytes)
            #expect(throws: DamagedItem.self) { try folder.read("damaged", from: 0, limit: 10) }
            folder.sweep(keeping: ["file"])
            #expect(throws: FileBytes.Failure.self) { try folder.read("damaged", from: 0, limit: 10) }
        }
    }
}
