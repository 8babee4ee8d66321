import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Global tables")
struct GlobalTableTests {
    static let index =
        #","GlobalSecondaryIndexes":[{"IndexName":"by-g","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]"#

    static func change(_ action: String, _ region: String, more: String = "") -> String {
        #"{"TableName":"table","ReplicaUpdates":[{"\#(action)":{"RegionName":"\#(region)"\#(more)}}]}"#
    }

    static func addReplica(_ region: String, _ db: DynamoDBHost) async throws {
        try await db.call("UpdateTable", change("Create", region))
        try await db.settleReplicas()
    }

    /// `region status`, in the order they are listed.
    static func replicas(_ db: DynamoDBHost) async throws -> [String] {
        let table = try JSONDocument(Array(try await db.call("DescribeTable", #"{"TableName":"table"}"#).utf8)).root
        return (table["Table"]?["Replicas"]?.elements ?? .none).map {
            "\($0["RegionName"]?.string ?? "") \($0["ReplicaStatus"]?.string ?? "")"
        }
    }

    @Test("are filled while a replica is made, with indexes, time to live and a stream of its own")
    func creation() async throws {
        try await DynamoDBHost.with { db in
            let europe = db.at("eu-west-1")
            try await db.createTable(more: Self.index)
            try await db.call(
                "UpdateTimeToLive",
                #"{"TableName":"table","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}}"#)
            for number in 0..<600 { try await db.put(#"{"p":{"S":"\#(number)"},"g":{"S":"group"}}"#) }
            let answer = try await db.call("UpdateTable", Self.change("Create", "eu-west-1"))
            #expect(answer.contains(#""GlobalTableVersion":"2019.11.21""#))
            #expect(answer.contains(#""StreamViewType":"NEW_AND_OLD_IMAGES""#))
            #expect(try await Self.replicas(db) == ["eu-west-1 CREATING"])
            #expect(
                try await europe.call("DescribeTable", #"{"TableName":"table"}"#).contains(#""TableStatus":"CREATING""#)
            )
            #expect(try await europe.error("Scan", #"{"TableName":"table"}"#).hasPrefix("ResourceNotFoundException"))
            #expect(
                try await db.error("UpdateTable", Self.change("Create", "us-west-2"))
                    == "ResourceInUseException: The resource which you are attempting to change is in use.")
            try await db.settleReplicas()
            #expect(try await Self.replicas(db) == ["eu-west-1 ACTIVE"])
            #expect(try await Self.replicas(europe) == ["us-east-1 ACTIVE"])
            #expect(try await europe.call("Scan", #"{"TableName":"table","Select":"COUNT"}"#).contains(#""Count":600"#))
            let query =
                #"{"TableName":"table","IndexName":"by-g","KeyConditionExpression":"g=:g","ExpressionAttributeValues":{":g":{"S":"group"}},"Select":"COUNT"}"#
            #expect(try await europe.call("Query", query).contains(#""Count":600"#))
            #expect(
                try await europe.call("DescribeTimeToLive", #"{"TableName":"table"}"#).contains(
                    #""AttributeName":"ttl""#))
            #expect(try await europe.records().isEmpty)
            let ids = try await [db, europe].asyncMap { try await $0.streamARN() }
            #expect(ids[0].contains(":us-east-1:") && ids[1].contains(":eu-west-1:"))
        }
    }

    @Test("can be made of tables in a data folder of before there were any")
    func olderFolder() async throws {
        try await TemporaryFolder.with { folder in
            try await TestHost.with("tables", folder: folder) { host in
                let before = Array(Schema.migrations.prefix(4))
                return try await DynamoDB.services(on: host, host.database("tables.db", migrations: before))
            } run: { host in
                let key = #""KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]"#
                let types = #""AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}]"#
                try await host.call(
                    "dynamodb", "CreateTable",
                    #"{"TableName":"table","BillingMode":"PAY_PER_REQUEST",\#(key),\#(types)}"#)
                try await host.call("dynamodb", "PutItem", #"{"TableName":"table","Item":{"p":{"S":"old"}}}"#)
            }
            try await DynamoDBHost.with(folder: folder) { db in
                try await Self.addReplica("eu-west-1", db)
                #expect(try await db.at("eu-west-1").item(#"{"p":{"S":"old"}}"#) == #"{"p":{"S":"old"}}"#)
            }
        }
    }

    @Test("bring every write to all regions, with one record in each stream")
    func replication() async throws {
        try await DynamoDBHost.with { db in
            let regions = [db, db.at("eu-west-1"), db.at("ap-south-1")]
            try await db.createTable()
            for region in ["eu-west-1", "ap-south-1"] { try await Self.addReplica(region, db) }
            try await regions[0].put(#"{"p":{"S":"a"},"v":{"N":"1"}}"#)
            try await regions[1].put(#"{"p":{"S":"b"},"v":{"N":"1"}}"#)
            try await db.settleReplicas()
            try await regions[2].call(
                "UpdateItem",
                #"{"TableName":"table","Key":{"p":{"S":"a"}},"UpdateExpression":"SET v = v + :one","ExpressionAttributeValues":{":one":{"N":"1"}}}"#
            )
            try await regions[0].call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"b"}}}"#)
            try await db.settleReplicas()
            try await db.settleReplicas()
            for region in regions {
                #expect(try await region.item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"},"v":{"N":"2"}}"#)
                #expect(try await region.item(#"{"p":{"S":"b"}}"#) == "none")
                let events = try await region.records().compactMap { $0["eventName"]?.string }
                #expect(events.sorted() == ["INSERT", "INSERT", "MODIFY", "REMOVE"])
            }
        }
    }

    @Test("let the later of two writes stand, and of writes at once the one of the later name")
    func conflicts() async throws {
        try await DynamoDBHost.with { db in
            let europe = db.at("eu-west-1")
            try await db.createTable()
            try await Self.addReplica("eu-west-1", db)
            // At once: the clock stands still.
            try await db.put(#"{"p":{"S":"tie"},"v":{"S":"america"}}"#)
            try await europe.put(#"{"p":{"S":"tie"},"v":{"S":"europe"}}"#)
            // Deleted in one region, and before that written in the other.
            try await europe.put(#"{"p":{"S":"gone"},"v":{"S":"early"}}"#)
            try await db.put(#"{"p":{"S":"gone"},"v":{"S":"first"}}"#)
            db.clock.advance(by: .milliseconds(5))
            try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"gone"}}}"#)
            try await europe.put(#"{"p":{"S":"late"},"v":{"S":"1"}}"#)
            db.clock.advance(by: .milliseconds(5))
            try await db.put(#"{"p":{"S":"late"},"v":{"S":"2"}}"#)
            try await db.settleReplicas()
            for region in [db, europe] {
                #expect(try await region.item(#"{"p":{"S":"tie"}}"#).contains("america"))
                #expect(try await region.item(#"{"p":{"S":"gone"}}"#) == "none")
                #expect(try await region.item(#"{"p":{"S":"late"}}"#).contains(#""2""#))
            }
        }
    }

    @Test("give a new replica what is still on its way to its source, and nothing that was deleted since")
    func joining() async throws {
        try await DynamoDBHost.with { db in
            let (europe, asia) = (db.at("eu-west-1"), db.at("ap-south-1"))
            try await db.createTable()
            try await Self.addReplica("eu-west-1", db)
            try await europe.put(#"{"p":{"S":"deleted"},"v":{"N":"1"}}"#)
            try await europe.put(#"{"p":{"S":"underway"}}"#)
            db.clock.advance(by: .milliseconds(5))
            try await db.put(#"{"p":{"S":"deleted"},"v":{"N":"2"}}"#)
            try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"deleted"}}}"#)
            try await Self.addReplica("ap-south-1", db)
            for region in [db, europe, asia] {
                #expect(try await region.item(#"{"p":{"S":"deleted"}}"#) == "none")
                #expect(try await region.item(#"{"p":{"S":"underway"}}"#) != "none")
            }
            // Filled from its source before it was told of anything by the others, its stream has only the rest.
            #expect(try await asia.records().compactMap { $0["eventName"]?.string } == ["INSERT"])
        }
    }

    @Test("delete expired items in one region, and record the service's hand only there")
    func expiry() async throws {
        try await DynamoDBHost.with { db in
            let europe = db.at("eu-west-1")
            try await db.createTable()
            try await Self.addReplica("eu-west-1", db)
            try await db.call(
                "UpdateTimeToLive",
                #"{"TableName":"table","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}}"#)
            try await db.put(#"{"p":{"S":"a"},"ttl":{"N":"\#(db.clock.now.seconds + 10)"}}"#)
            try await db.settleReplicas()
            db.clock.advance(by: .seconds(11))
            try await Backfiller(tables: db.tables).run()
            try await ExpiryReaper(tables: db.tables).run(at: db.clock.now)
            try await db.settleReplicas()
            var hands: [String] = []
            for region in [db, europe] {
                #expect(try await region.item(#"{"p":{"S":"a"}}"#) == "none")
                let last = try #require(try await region.records().last)
                #expect(last["eventName"]?.string == "REMOVE")
                hands.append(last["userIdentity"]?["PrincipalId"]?.string ?? "none")
            }
            // The first region by its name does it.
            #expect(hands == ["none", "dynamodb.amazonaws.com"])
        }
    }

    @Test("keep indexes, capacity and time to live alike, and leave tags and protection to each replica")
    func settings() async throws {
        try await DynamoDBHost.with { db in
            let europe = db.at("eu-west-1")
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"g":{"S":"x"}}"#)
            try await Self.addReplica("eu-west-1", db)
            let create = Self.index.dropFirst(27).dropLast(1)
            try await europe.call(
                "UpdateTable",
                #"{"TableName":"table","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],"GlobalSecondaryIndexUpdates":[{"Create":\#(create)}]}"#
            )
            try await europe.call(
                "UpdateTimeToLive",
                #"{"TableName":"table","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"end"}}"#)
            try await europe.call("UpdateTable", #"{"TableName":"table","DeletionProtectionEnabled":true}"#)
            try await Backfiller(tables: db.tables).run()
            let query =
                #"{"TableName":"table","IndexName":"by-g","KeyConditionExpression":"g=:g","ExpressionAttributeValues":{":g":{"S":"x"}}}"#
            for region in [db, europe] {
                #expect(try await region.call("Query", query).contains(#""Count":1"#))
                #expect(try await region.call("DescribeTimeToLive", #"{"TableName":"table"}"#).contains(#""end""#))
            }
            let here = try await db.call("DescribeTable", #"{"TableName":"table"}"#)
            #expect(here.contains(#""DeletionProtectionEnabled":false"#))
            try await db.call(
                "UpdateTable", #"{"TableName":"table","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"by-g"}}]}"#
            )
            #expect(try await europe.error("Query", query).contains("does not have the specified index"))
            #expect(
                try await db.error(
                    "UpdateTable", #"{"TableName":"table","StreamSpecification":{"StreamEnabled":false}}"#
                )
                .hasSuffix("Disabling Stream is not allowed for a Global Table replica."))
        }
    }

    @Test("have read capacity of their own where it is wanted, and one write capacity")
    func capacity() async throws {
        try await DynamoDBHost.with { db in
            let europe = db.at("eu-west-1")
            try await db.createTable()
            try await db.call(
                "UpdateTable",
                #"{"TableName":"table","BillingMode":"PROVISIONED","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}}"#
            )
            let override = #","ProvisionedThroughputOverride":{"ReadCapacityUnits":9}"#
            try await db.call("UpdateTable", Self.change("Create", "eu-west-1", more: override))
            try await db.settleReplicas()
            #expect(
                try await db.call("DescribeTable", #"{"TableName":"table"}"#).contains(
                    #""ProvisionedThroughputOverride":{"ReadCapacityUnits":9}"#))
            #expect(
                try await europe.call("DescribeTable", #"{"TableName":"table"}"#).contains(
                    #""ReadCapacityUnits":9,"WriteCapacityUnits":5"#))
            try await db.call(
                "UpdateTable",
                #"{"TableName":"table","ProvisionedThroughput":{"ReadCapacityUnits":6,"WriteCapacityUnits":7}}"#)
            #expect(
                try await europe.call("DescribeTable", #"{"TableName":"table"}"#).contains(
                    #""ReadCapacityUnits":9,"WriteCapacityUnits":7"#))
            // Set where it is its own, it stays there.
            try await europe.call(
                "UpdateTable",
                #"{"TableName":"table","ProvisionedThroughput":{"ReadCapacityUnits":8,"WriteCapacityUnits":7}}"#)
            #expect(
                try await db.call("DescribeTable", #"{"TableName":"table"}"#).contains(
                    #""ReadCapacityUnits":6,"WriteCapacityUnits":7"#))
            #expect(
                try await db.call("DescribeTable", #"{"TableName":"table"}"#).contains(
                    #""ProvisionedThroughputOverride":{"ReadCapacityUnits":8}"#))
            // As the rest: no override any more.
            let same = #","ProvisionedThroughputOverride":{"ReadCapacityUnits":6}"#
            try await db.call("UpdateTable", Self.change("Update", "eu-west-1", more: same))
            #expect(
                try await europe.call("DescribeTable", #"{"TableName":"table"}"#).contains(
                    #""ReadCapacityUnits":6,"WriteCapacityUnits":7"#))
            #expect(!(try await db.call("DescribeTable", #"{"TableName":"table"}"#)).contains("Override\":{"))
        }
    }

    @Test("lose a replica only after its last writes have come to the others")
    func deletion() async throws {
        try await DynamoDBHost.with { db in
            let europe = db.at("eu-west-1")
            try await db.createTable()
            try await Self.addReplica("eu-west-1", db)
            try await europe.put(#"{"p":{"S":"last"}}"#)
            try await europe.call("UpdateTable", #"{"TableName":"table","DeletionProtectionEnabled":true}"#)
            #expect(
                try await db.error("UpdateTable", Self.change("Delete", "eu-west-1"))
                    == "ValidationException: Cannot delete table table in region eu-west-1 because it has deletion "
                    + "protection enabled. Disable deletion protection first.")
            try await europe.call("UpdateTable", #"{"TableName":"table","DeletionProtectionEnabled":false}"#)
            #expect(
                try await db.error("DeleteTable", #"{"TableName":"table"}"#).contains("acted as a source region"))
            try await db.call("UpdateTable", Self.change("Delete", "eu-west-1"))
            #expect(try await Self.replicas(db) == ["eu-west-1 DELETING"])
            #expect(
                try await europe.error("PutItem", #"{"TableName":"table","Item":{"p":{"S":"x"}}}"#).hasPrefix(
                    "ResourceNotFound"))
            try await db.settleReplicas()
            #expect(try await db.item(#"{"p":{"S":"last"}}"#) == #"{"p":{"S":"last"}}"#)
            #expect(try await europe.error("DescribeTable", #"{"TableName":"table"}"#).hasPrefix("ResourceNotFound"))
            #expect(!(try await db.call("DescribeTable", #"{"TableName":"table"}"#)).contains("GlobalTableVersion"))
            // Nothing of the old replica is in the way of a new one.
            db.clock.advance(by: .milliseconds(1))
            try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"last"}}}"#)
            try await Self.addReplica("eu-west-1", db)
            #expect(try await europe.call("Scan", #"{"TableName":"table"}"#).contains(#""Count":0"#))
            try await europe.call("DeleteTable", #"{"TableName":"table"}"#)
            try await db.settleReplicas()
            try await db.call("DeleteTable", #"{"TableName":"table"}"#)
            #expect(db.tables.catalog.all.isEmpty)
            try await GarbageCollector(tables: db.tables).run()
            #expect(try await db.tables.read { try $0.replicasWithChanges() }.isEmpty)
        }
    }

    @Test("refuse what AWS refuses, in its words")
    func refusals() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.at("us-west-2").createTable()
            try await Self.addReplica("eu-west-1", db)
            func refusal(_ input: String) async throws -> String {
                let error = try await db.error("UpdateTable", input)
                #expect(error.hasPrefix("ValidationException: "))
                return String(error.dropFirst(21))
            }
            #expect(
                try await refusal(Self.change("Create", "us-east-1")).hasPrefix("Cannot add or delete the local region")
            )
            #expect(
                try await refusal(Self.change("Create", "us-fake-1")).hasPrefix("Region us-fake-1 is not supported."))
            for region in ["us-west-2", "eu-west-1"] {
                #expect(
                    try await refusal(Self.change("Create", region))
                        == "Failed to create a the new replica of table with name: ‘table’ because one or more replicas "
                        + "already existed as tables.")
            }
            for action in ["Delete", "Update"] {
                let input = Self.change(action, "ca-central-1", more: #","TableClassOverride":"STANDARD""#)
                #expect(
                    try await refusal(input).hasSuffix(
                        "Please retry the request without these replicas: [ca-central-1]."))
            }
            #expect(try await refusal(Self.change("Update", "eu-west-1")).hasPrefix("There are no actions specified"))
            let both = #"{"Create":{"RegionName":"ap-south-1"}},{"Create":{"RegionName":"sa-east-1"}}"#
            #expect(
                try await refusal(#"{"TableName":"table","ReplicaUpdates":[\#(both)]}"#)
                    == "Update table operation with more than one create or delete replica actions not allowed")
            let one = #"{"TableName":"table","ReplicaUpdates":[{"Create":{"RegionName":"ap-south-1"}}]"#
            #expect(
                try await refusal(one + #","DeletionProtectionEnabled":true}"#)
                    == "One or more parameter values were invalid: Replica modification must be the only operation in the "
                    + "request")
            #expect(
                try await refusal(one + #","MultiRegionConsistency":"STRONG"}"#)
                    == "Unsupported Region(s) specified for global tables with MultiRegionConsistency set to STRONG: "
                    + "[ap-south-1].")
            #expect(
                try await refusal(one + #","GlobalTableWitnessUpdates":[{"Create":{"RegionName":"sa-east-1"}}]}"#)
                    .hasPrefix("MultiRegionConsistency must be set as STRONG"))
        }
    }

    @Test("tell the cache of a replica what came from elsewhere")
    func cache() async throws {
        try await DynamoDBHost.with { db in
            let europe = db.at("eu-west-1")
            try await db.createTable()
            try await Self.addReplica("eu-west-1", db)
            let arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/table"
            try await europe.call(
                "TagResource", #"{"ResourceArn":"\#(arn)","Tags":[{"Key":"apus:cache","Value":"300"}]}"#)
            let get = #"{"TableName":"table","Key":{"p":{"S":"a"}}}"#
            for value in ["1", "2"] {
                try await db.put(#"{"p":{"S":"a"},"v":{"N":"\#(value)"}}"#)
                try await db.settleReplicas()
                #expect(try await europe.call("GetItem", get).contains(#""v":{"N":"\#(value)"}"#))
            }
            try await db.call("DeleteItem", get)
            try await db.settleReplicas()
            #expect(try await europe.call("GetItem", get) == "{}")
        }
    }

    @Test("need permissions in the region of the replica")
    func permissions() async throws {
        let authorizer = RecordingAuthorizer()
        try await DynamoDBHost.with(authorizer: authorizer) { db in
            try await db.createTable()
            try await db.call("UpdateTable", Self.change("Create", "eu-west-1"))
            let arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/table"
            #expect(authorizer.seen.contains("dynamodb:CreateTableReplica on \(arn)"))
            #expect(
                authorizer.seen.contains("dynamodb:UpdateTable on arn:aws:dynamodb:us-east-1:000000000000:table/table"))
            try await db.settleReplicas()
            try await db.call("UpdateTable", Self.change("Delete", "eu-west-1"))
            #expect(
                authorizer.seen.suffix(2) == [
                    "dynamodb:DeleteTable on \(arn)", "dynamodb:DeleteTableReplica on \(arn)",
                ])
        }
    }

    @Test("say of replicas on demand that nothing scales them")
    func scaling() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await Self.addReplica("eu-west-1", db)
            let table = #"{"TableName":"table""#
            let described = try await db.call("DescribeTableReplicaAutoScaling", table + "}")
            #expect(
                described.contains(#""RegionName":"eu-west-1""#) && described.contains(#""RegionName":"us-east-1""#))
            let off = #","ProvisionedWriteCapacityAutoScalingUpdate":{"AutoScalingDisabled":true}}"#
            #expect(try await db.call("UpdateTableReplicaAutoScaling", table + off) == described)
            let on = #","ProvisionedWriteCapacityAutoScalingUpdate":{"MinimumUnits":1,"MaximumUnits":9}}"#
            #expect(try await db.error("UpdateTableReplicaAutoScaling", table + on).hasPrefix("ValidationException"))
        }
    }

    @Test("forget when items were written once no older write can come")
    func versions() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await Self.addReplica("eu-west-1", db)
            try await db.put(#"{"p":{"S":"a"}}"#)
            let replication = try #require(db.tables.catalog.replicas.first { $0.region == "us-east-1" }?.replication)
            let key = try #require(db.tables.catalog.replicas.first?.schema.encode(item(#"{"p":{"S":"a"}}"#)))
            func isKept() async throws -> Bool {
                try await Retention(tables: db.tables).run(at: db.clock.now)
                return try await db.tables.read { try $0.replicaVersion(of: key, in: replication) } != nil
            }
            db.clock.advance(by: .seconds(2 * 3600))
            // Not yet everywhere.
            #expect(try await isKept())
            try await db.settleReplicas()
            #expect(try await !isKept())
            try await db.put(#"{"p":{"S":"a"},"v":{"N":"2"}}"#)
            try await db.settleReplicas()
            #expect(try await db.at("eu-west-1").item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"},"v":{"N":"2"}}"#)
        }
    }
}

extension Array {
    func asyncMap<Result>(_ body: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
