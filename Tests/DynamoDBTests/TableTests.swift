import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Tables")
struct TableTests {
    @Test("are described as they were made")
    func description() async throws {
        try await DynamoDBHost.with { db in
            let created = try await db.call(
                "CreateTable",
                """
                {"TableName":"Music","AttributeDefinitions":[{"AttributeName":"Artist","AttributeType":"S"},\
                {"AttributeName":"Year","AttributeType":"N"}],"KeySchema":[{"AttributeName":"Artist","KeyType":"HASH"}],\
                "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6},"GlobalSecondaryIndexes":\
                [{"IndexName":"byYear","KeySchema":[{"AttributeName":"Year","KeyType":"HASH"}],\
                "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["Genre"]},\
                "ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}}],\
                "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},"Tags":[{"Key":"a","Value":"b"}]}
                """)
            #expect(created.contains(#""TableStatus":"CREATING""#))
            try await db.put(
                #"{"Artist":{"S":"x"},"Year":{"N":"1"},"Genre":{"S":"g"},"More":{"S":"not projected"}}"#, in: "Music")
            let json = try await db.host.call("dynamodb", "DescribeTable", #"{"TableName":"Music"}"#)
            let table = try #require(json["Table"])
            #expect(table["TableStatus"]?.string == "ACTIVE")
            #expect(table["ItemCount"]?.int64 == 1)
            #expect(table["TableSizeBytes"]?.int64 == 36)
            #expect(table["TableArn"]?.string == "arn:aws:dynamodb:us-east-1:000000000000:table/Music")
            #expect(
                table["LatestStreamArn"]?.string
                    == "arn:aws:dynamodb:us-east-1:000000000000:table/Music/stream/\(table["LatestStreamLabel"]?.string ?? "")"
            )
            let index = try #require(table["GlobalSecondaryIndexes"]?.elements.first { _ in true })
            #expect(index["IndexStatus"]?.string == "ACTIVE")
            #expect(index["ItemCount"]?.int64 == 1)
            #expect(index["IndexSizeBytes"]?.int64 == 19)
        }
    }

    @Test("are listed in the order of their names, page by page")
    func listing() async throws {
        try await DynamoDBHost.with { db in
            for name in ["bbb", "aaa", "ccc"] { try await db.createTable(name) }
            #expect(try await db.call("ListTables") == #"{"TableNames":["aaa","bbb","ccc"]}"#)
            #expect(
                try await db.call("ListTables", #"{"Limit":2}"#)
                    == #"{"TableNames":["aaa","bbb"],"LastEvaluatedTableName":"bbb"}"#)
            #expect(
                try await db.call("ListTables", #"{"Limit":2,"ExclusiveStartTableName":"bbb"}"#)
                    == #"{"TableNames":["ccc"]}"#)
        }
    }

    @Test("are gone when deleted, and a new one of the same name is empty")
    func deletion() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"}}"#)
            #expect(
                try await db.error(
                    "CreateTable",
                    #"{"TableName":"table","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}"#
                ) == "ResourceInUseException: Table already exists: table")
            #expect(try await db.call("DeleteTable", #"{"TableName":"table"}"#).contains(#""TableStatus":"DELETING""#))
            #expect(
                try await db.error("DescribeTable", #"{"TableName":"table"}"#)
                    == "ResourceNotFoundException: Requested resource not found: Table: table not found")
            try await db.createTable()
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == "none")
        }
    }

    @Test("under protection cannot be deleted")
    func protection() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.call("UpdateTable", #"{"TableName":"table","DeletionProtectionEnabled":true}"#)
            #expect(
                try await db.error("DeleteTable", #"{"TableName":"table"}"#).hasPrefix(
                    "ValidationException: Resource cannot be deleted"))
            try await db.call("UpdateTable", #"{"TableName":"table","DeletionProtectionEnabled":false}"#)
            try await db.call("DeleteTable", #"{"TableName":"table"}"#)
        }
    }

    @Test(
        "that break a rule are refused with AWS's words",
        arguments: [
            (
                #"{"TableName":"ab","AttributeDefinitions":[],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}"#,
                "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3"
            ),
            (
                #"{"TableName":"abc","AttributeDefinitions":[],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}"#,
                "Invalid KeySchema: Some index key attribute have no definition"
            ),
            (
                #"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"q","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}"#,
                "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [p], AttributeDefinitions: [q]"
            ),
            (
                #"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"q","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"q","KeyType":"RANGE"}],"BillingMode":"PAY_PER_REQUEST","LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"q","KeyType":"HASH"}],"Projection":{}}]}"#,
                "One or more parameter values were invalid: Index KeySchema does not have a range key for index: local"
            ),
            (
                #"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"q","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"q","KeyType":"RANGE"}],"BillingMode":"PAY_PER_REQUEST","LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"q","KeyType":"HASH"},{"AttributeName":"p","KeyType":"RANGE"}],"Projection":{}}]}"#,
                "One or more parameter values were invalid: Index KeySchema does not have the same leading hash key as table KeySchema for index: local. index hash key: q, table hash key: p"
            ),
            (
                #"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}"#,
                "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
            ),
            (
                #"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"RANGE"}],"BillingMode":"PAY_PER_REQUEST"}"#,
                "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
            ),
            (
                #"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"p","AttributeType":"N"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}"#,
                "Attribute Name is duplicated: p"
            ),
            (
                #"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"q","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}"#,
                "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
            ),
            (
                #"{"TableName":"abc","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"q","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST","LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"q","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]}"#,
                "One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
            ),
        ])
    func rules(input: String, message: String) async throws {
        try await DynamoDBHost.with { db in
            let error = try await db.error("CreateTable", input)
            #expect(error == "ValidationException: \(message)")
        }
    }

    @Test("get an index filled from the items they hold, while they are written to")
    func backfill() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            for number in 0..<600 { try await db.put(#"{"p":{"S":"\#(number)"},"g":{"S":"x"}}"#) }
            try await db.put(#"{"p":{"S":"sparse"}}"#)
            let updated = try await db.call(
                "UpdateTable",
                """
                {"TableName":"table","AttributeDefinitions":[{"AttributeName":"g","AttributeType":"S"}],\
                "GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],\
                "Projection":{"ProjectionType":"ALL"}}}]}
                """)
            #expect(updated.contains(#""IndexStatus":"CREATING","Backfilling":true"#))
            let query =
                #"{"TableName":"table","IndexName":"byG","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"x"}},"Select":"COUNT"}"#
            #expect(
                try await db.error("Query", query)
                    == "ValidationException: Cannot read from backfilling global secondary index: byG")
            try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"7"}}}"#)
            try await db.put(#"{"p":{"S":"new"},"g":{"S":"x"}}"#)
            try await Backfiller(tables: db.tables).run()
            #expect(try await db.call("Query", query) == #"{"Count":600,"ScannedCount":600}"#)
            try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"8"}}}"#)
            #expect(try await db.call("Query", query) == #"{"Count":599,"ScannedCount":599}"#)
            let described = try await db.call("DescribeTable", #"{"TableName":"table"}"#)
            #expect(described.contains(#""ItemCount":599,"IndexArn""#))
            let deleted = try await db.call(
                "UpdateTable", #"{"TableName":"table","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"byG"}}]}"#)
            #expect(!deleted.contains("byG"))
            #expect(!deleted.contains(#""AttributeName":"g""#))
        }
    }

    @Test("and indexes that were dropped are cleared away")
    func garbage() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(
                more: """
                    ,"GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],\
                    "Projection":{"ProjectionType":"ALL"}}]
                    """)
            for number in 0..<20 { try await db.put(#"{"p":{"S":"\#(number)"},"g":{"S":"x"}}"#) }
            try await db.createTable("other")
            try await db.put(#"{"p":{"S":"kept"}}"#, in: "other")
            try await db.call("DeleteTable", #"{"TableName":"table"}"#)
            let tables = db.tables
            try await GarbageCollector(tables: tables).run()
            let left = try await tables.read { snapshot in
                try ["item", "entry", "garbage"].map {
                    try snapshot.value("SELECT count(*) FROM \($0)", as: Int64.self) ?? 0
                }
            }
            #expect(left == [1, 0, 0])
        }
    }

    @Test("keep tags")
    func tags() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let arn = #""ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/table""#
            try await db.call("TagResource", #"{\#(arn),"Tags":[{"Key":"b","Value":"1"},{"Key":"a","Value":"2"}]}"#)
            try await db.call("UntagResource", #"{\#(arn),"TagKeys":["b","c"]}"#)
            #expect(try await db.call("ListTagsOfResource", "{\(arn)}") == #"{"Tags":[{"Key":"a","Value":"2"}]}"#)
            #expect(
                try await db.error(
                    "ListTagsOfResource", #"{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/none"}"#)
                    == "ResourceNotFoundException: Requested resource not found: ResourcArn: "
                    + "arn:aws:dynamodb:us-east-1:000000000000:table/none not found")
        }
    }

    @Test("can be named by their ARN")
    func byARN() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"}}"#, in: "arn:aws:dynamodb:us-east-1:000000000000:table/table")
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"}}"#)
        }
    }
}

@Suite("Time to live")
struct TimeToLiveTests {
    @Test("deletes what has expired, and says in the stream that the service did")
    func expiry() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(
                more: #","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"OLD_IMAGE"}"#)
            let now = db.clock.now.seconds
            // One from before the time to live was chosen.
            try await db.put(#"{"p":{"S":"before"},"ttl":{"N":"\#(now - 5)"}}"#)
            try await db.call(
                "UpdateTimeToLive",
                #"{"TableName":"table","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}}"#)
            let tables = db.tables
            try await Backfiller(tables: tables).run()
            try await db.put(#"{"p":{"S":"due"},"ttl":{"N":"\#(now + 10)"}}"#)
            try await db.put(#"{"p":{"S":"moved"},"ttl":{"N":"\#(now + 10)"}}"#)
            try await db.put(#"{"p":{"S":"moved"},"ttl":{"N":"\#(now + 1000)"}}"#)
            try await db.put(#"{"p":{"S":"fraction"},"ttl":{"N":"\#(now + 10).25"}}"#)
            try await db.put(#"{"p":{"S":"ancient"},"ttl":{"N":"1"}}"#)
            try await db.put(#"{"p":{"S":"text"},"ttl":{"S":"\#(now)"}}"#)
            db.clock.advance(by: .seconds(60))
            try await ExpiryReaper(tables: tables).run(at: db.clock.now)
            let left = try QueryTests.values(await db.call("Scan", #"{"TableName":"table"}"#), "p")
            #expect(Set(left) == ["moved", "ancient", "text"])
            let records = try await db.records()
            let removed = records.filter { $0["eventName"]?.string == "REMOVE" }
            #expect(removed.count == 3)
            #expect(removed.allSatisfy { $0["userIdentity"]?["PrincipalId"]?.string == "dynamodb.amazonaws.com" })
            #expect(removed.allSatisfy { $0["dynamodb"]?["OldImage"] != nil })
        }
    }

    @Test("is switched on and off with AWS's words")
    func switching() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            func input(_ enabled: Bool, _ attribute: String = "ttl") -> String {
                #"{"TableName":"table","TimeToLiveSpecification":{"Enabled":\#(enabled),"AttributeName":"\#(attribute)"}}"#
            }
            #expect(
                try await db.error("UpdateTimeToLive", input(false))
                    == "ValidationException: TimeToLive is already disabled")
            try await db.call("UpdateTimeToLive", input(true))
            #expect(
                try await db.error("UpdateTimeToLive", input(true))
                    == "ValidationException: TimeToLive is already enabled")
            #expect(
                try await db.error("UpdateTimeToLive", input(false, "x"))
                    == "ValidationException: TimeToLive is active on a different AttributeName: current AttributeName is ttl"
            )
            #expect(
                try await db.call("DescribeTimeToLive", #"{"TableName":"table"}"#)
                    == #"{"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}}"#)
            try await db.call("UpdateTimeToLive", input(false))
        }
    }
}
