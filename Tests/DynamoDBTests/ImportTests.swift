import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Imports")
struct ImportTests {
    private static let parameters = """
        {"TableName":"copy","BillingMode":"PAY_PER_REQUEST",\
        "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],\
        "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}
        """

    private static func ask(_ more: String = "", format: String = "DYNAMODB_JSON", prefix: String = "") -> String {
        """
        {"S3BucketSource":{"S3Bucket":"bucket","S3KeyPrefix":"\(prefix)"},"InputFormat":"\(format)",\
        "TableCreationParameters":\(parameters)\(more)}
        """
    }

    private static func lines(_ numbers: Range<Int>) -> String {
        numbers.map { #"{"Item":{"p":{"S":"\#($0)"},"n":{"N":"\#($0)"}}}"# + "\n" }.joined()
    }

    private static func importer(_ bucket: TestBucket, _ db: DynamoDBHost) -> Importer {
        Importer(tables: db.tables, clock: db.clock) { try bucket.source(of: $0) }
    }

    /// Asks for an import and answers its ARN.
    private static func begin(_ db: DynamoDBHost, _ ask: String = ask()) async throws -> String {
        let answer = try await db.host.call("dynamodb", "ImportTable", ask)
        return try #require(answer["ImportTableDescription"]?["ImportArn"]?.string)
    }

    /// Reads until so many items are stored, and is torn away then.
    private static func interrupt(_ arn: String, _ bucket: TestBucket, at items: Int, _ db: DynamoDBHost)
        async throws
    {
        bucket.pauseOnce(after: lines(0..<items + 10).utf8.count)
        let run = Task { try await importer(bucket, db).run() }
        try await db.host.until { try await outcome(arn, db) == "IN_PROGRESS [\(items), \(items), 0]" }
        bucket.breakNow()
        await #expect(throws: (any Error).self) { try await run.value }
    }

    /// Status, imported and refused items.
    private static func outcome(_ arn: String, _ db: DynamoDBHost) async throws -> String {
        let answer = try await db.host.call("dynamodb", "DescribeImport", #"{"ImportArn":"\#(arn)"}"#)
        let job = try #require(answer["ImportTableDescription"])
        let counts = ["ProcessedItemCount", "ImportedItemCount", "ErrorCount"].map { job[$0]?.int64 ?? -1 }
        let code = job["FailureCode"]?.string.map { " \($0)" } ?? ""
        return "\(job["ImportStatus"]?.string ?? "") \(counts)\(code)"
    }

    private static func count(_ db: DynamoDBHost) async throws -> Int64 {
        try await db.host.call("dynamodb", "Scan", #"{"TableName":"copy","Select":"COUNT"}"#)["Count"]?.int64 ?? -1
    }

    @Test("bring every object of a prefix into a new table, read as who asked")
    func objects() async throws {
        let bucket = TestBucket([
            "data/1": Self.lines(0..<300), "data/2": "", "data/3": Self.lines(300..<310),
            "data/4": Self.lines(310..<311),
            "other": "no item at all",
        ])
        try await DynamoDBHost.with { db in
            let ann = Caller(.user, account: TestHost.account, arn: "arn:aws:iam::\(TestHost.account):user/ann")
            let begun = try await db.call("ImportTable", Self.ask(prefix: "data/"), as: ann)
            #expect(begun.contains(#""ImportStatus":"IN_PROGRESS""#) && !begun.contains("ProcessedSizeBytes"))
            #expect(
                try await db.error("Scan", #"{"TableName":"copy"}"#)
                    == "ResourceNotFoundException: Requested resource not found")
            let described = try await db.call("DescribeTable", #"{"TableName":"copy"}"#)
            #expect(described.contains(#""TableStatus":"CREATING""#))
            #expect(
                try await db.error("UpdateTable", #"{"TableName":"copy","DeletionProtectionEnabled":true}"#)
                    .hasPrefix("ResourceInUseException"))
            try await Self.importer(bucket, db).run()
            #expect(try await Self.count(db) == 311)
            #expect(try await db.item(#"{"p":{"S":"305"}}"#, in: "copy") == #"{"n":{"N":"305"},"p":{"S":"305"}}"#)
            #expect(bucket.principals == [ann.arn])
            let list = try await db.host.call("dynamodb", "ListImports")
            let arn = try #require(list["ImportSummaryList"]?.elements.first { _ in true }?["ImportArn"]?.string)
            #expect(try await Self.outcome(arn, db) == "COMPLETED [311, 311, 0]")
            #expect(
                try await db.call("DescribeTable", #"{"TableName":"copy"}"#).contains(#""TableStatus":"ACTIVE""#))
        }
    }

    @Test("go on where they were when they are interrupted, and count nothing twice")
    func interruption() async throws {
        try await TemporaryFolder.with { folder in
            let bucket = TestBucket(["a": Self.lines(0..<900), "b": Self.lines(900..<905)])
            let arn = try await DynamoDBHost.with(folder: folder) { db in
                let arn = try await Self.begin(db)
                try await Self.interrupt(arn, bucket, at: 500, db)
                return arn
            }
            try await DynamoDBHost.with(folder: folder) { db in
                #expect(try await db.error("Scan", #"{"TableName":"copy"}"#).hasPrefix("ResourceNotFoundException"))
                try await Self.importer(bucket, db).run()
                #expect(try await Self.outcome(arn, db) == "COMPLETED [905, 905, 0]")
                #expect(try await Self.count(db) == 905)
            }
        }
    }

    @Test("that meet what is no item leave out the rest of its object; items that break a rule are left out alone")
    func refusedItems() async throws {
        let bucket = TestBucket([
            "1": Self.lines(0..<5), "2": Self.lines(10..<12) + #"{"p":{"S":"12"}}"# + Self.lines(13..<20),
            "3": #"{"Item":{"q":{"S":"no key"}}}"# + Self.lines(20..<22) + #"{"Item":{"p":{"S":""}}}"#,
            "4": #"{"Item":{"p":{"S":"cut off"}"#,
        ])
        try await DynamoDBHost.with { db in
            let arn = try await Self.begin(db)
            try await Self.importer(bucket, db).run()
            #expect(try await Self.outcome(arn, db) == "FAILED [13, 9, 4] ItemValidationError")
            #expect(try await Self.count(db) == 9)
        }
    }

    @Test("whose source cannot be read fail and leave no table; one that cannot be reached is tried again")
    func unreadable() async throws {
        let bucket = TestBucket(["1": Self.lines(0..<300)])
        try await DynamoDBHost.with { db in
            bucket.refuse(with: .unavailable)
            var arn = try await Self.begin(db)
            await #expect(throws: ServiceError.unavailable) { try await Self.importer(bucket, db).run() }
            #expect(try await Self.outcome(arn, db) == "IN_PROGRESS [0, 0, 0]")
            bucket.refuse(
                with: ServiceError("NoSuchBucket", "The specified bucket does not exist", status: 404))
            try await Self.importer(bucket, db).run()
            #expect(try await Self.outcome(arn, db) == "FAILED [0, 0, 0] S3NoSuchBucket")
            #expect(try await db.error("DescribeTable", #"{"TableName":"copy"}"#).hasPrefix("ResourceNotFound"))
            // An object that changes between two readings is not one object any more.
            bucket.refuse(with: nil)
            arn = try await Self.begin(db)
            try await Self.interrupt(arn, bucket, at: 250, db)
            bucket.put(Self.lines(1..<301), at: "1")
            try await Self.importer(bucket, db).run()
            #expect(try await Self.outcome(arn, db) == "FAILED [250, 250, 0] S3PreconditionFailed")
            #expect(try await db.call("ListTables") == #"{"TableNames":[]}"#)
        }
    }

    @Test("end with the table they were to fill")
    func cancelling() async throws {
        let bucket = TestBucket(["1": Self.lines(0..<300)])
        try await DynamoDBHost.with { db in
            let arn = try await Self.begin(db)
            try await Self.interrupt(arn, bucket, at: 250, db)
            try await db.call("DeleteTable", #"{"TableName":"copy"}"#)
            try await Self.importer(bucket, db).run()
            #expect(try await Self.outcome(arn, db) == "CANCELLED [250, 250, 0]")
        }
    }

    @Test("take one token for one import, need a new table, and are refused where they cannot be made")
    func asking() async throws {
        try await DynamoDBHost.with { db in
            let ask = Self.ask(#","ClientToken":"once""#)
            let first = try await db.call("ImportTable", ask)
            #expect(try await db.call("ImportTable", ask) == first)
            #expect(
                try await db.error("ImportTable", Self.ask(#","ClientToken":"once""#, prefix: "other"))
                    == "ImportConflictException: Duplicate request detected")
            #expect(
                try await db.error("ImportTable", Self.ask()) == "ResourceInUseException: Table already exists: copy")
            let options = #","InputFormatOptions":{"Csv":{"Delimiter":";"}}"#
            #expect(try await db.error("ImportTable", Self.ask(options)).hasPrefix("ValidationException: "))
            let unknown = "arn:aws:dynamodb:us-east-1:\(TestHost.account):table/copy/import/0"
            #expect(
                try await db.error("DescribeImport", #"{"ImportArn":"\#(unknown)"}"#)
                    == "ImportNotFoundException: Import not found: \(unknown)")
            db.clock.advance(by: .seconds(9 * 3600))
            #expect(try await db.error("ImportTable", ask).hasPrefix("ResourceInUseException"))
        }
    }

    @Test("are listed by table, a page at a time, for ninety days")
    func listing() async throws {
        let bucket = TestBucket([String: String]())
        try await DynamoDBHost.with { db in
            var arns: [String] = []
            for _ in 0..<3 {
                arns.append(try await Self.begin(db))
                try await Self.importer(bucket, db).run()
                try await db.call("DeleteTable", #"{"TableName":"copy"}"#)
                db.clock.advance(by: .seconds(1))
            }
            let first = try await db.host.call("dynamodb", "ListImports", #"{"PageSize":2}"#)
            let token = try #require(first["NextToken"]?.string)
            let listed = (first["ImportSummaryList"]?.elements ?? .none).compactMap { $0["ImportArn"]?.string }
            #expect(listed == Array(arns.prefix(2)))
            let rest = try await db.call("ListImports", #"{"PageSize":2,"NextToken":"\#(token)"}"#)
            #expect(rest.contains(arns[2]) && !rest.contains(arns[1]) && !rest.contains("NextToken"))
            let other = "arn:aws:dynamodb:us-east-1:\(TestHost.account):table/other"
            #expect(
                try await db.call("ListImports", #"{"TableArn":"\#(other)"}"#) == #"{"ImportSummaryList":[]}"#)
            db.clock.advance(by: .seconds(91 * 86400))
            try await Retention(tables: db.tables).run(at: db.clock.now)
            #expect(try await db.call("ListImports") == #"{"ImportSummaryList":[]}"#)
        }
    }
}
