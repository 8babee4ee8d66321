import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Global tables of version 2017.11.29")
struct LegacyGlobalTableTests {
    private static let stream = #","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}"#
    private static let create =
        #"{"GlobalTableName":"table","ReplicationGroup":[{"RegionName":"us-east-1"},{"RegionName":"eu-west-1"}]}"#
    private static let named = #"{"GlobalTableName":"table"}"#

    private static func update(_ action: String, _ region: String) -> String {
        #"{"GlobalTableName":"table","ReplicaUpdates":[{"\#(action)":{"RegionName":"\#(region)"}}]}"#
    }

    private static func with(_ body: (_ db: DynamoDBHost, _ europe: DynamoDBHost) async throws -> Void) async throws {
        try await DynamoDBHost.with { db in
            for region in ["us-east-1", "eu-west-1"] { try await db.at(region).createTable(more: stream) }
            try await db.call("CreateGlobalTable", create)
            try await body(db, db.at("eu-west-1"))
        }
    }

    @Test("are made of tables that are there, replicate, and are described and listed")
    func lifecycle() async throws {
        try await Self.with { db, europe in
            try await europe.put(#"{"p":{"S":"a"}}"#)
            try await db.settleReplicas()
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"}}"#)
            let described = try await db.call("DescribeGlobalTable", Self.named)
            #expect(described.contains(#""GlobalTableArn":"arn:aws:dynamodb::000000000000:global-table/table""#))
            #expect(described.contains(#""RegionName":"eu-west-1","ReplicaStatus":"ACTIVE""#))
            #expect(
                try await db.call("ListGlobalTables", #"{"RegionName":"eu-west-1"}"#)
                    == #"{"GlobalTables":[{"GlobalTableName":"table","ReplicationGroup":[{"RegionName":"us-east-1"},{"RegionName":"eu-west-1"}]}]}"#
            )
            #expect(try await db.call("ListGlobalTables", #"{"RegionName":"us-west-2"}"#) == #"{"GlobalTables":[]}"#)
            let table = try await db.call("DescribeTable", #"{"TableName":"table"}"#)
            #expect(table.contains(#""GlobalTableVersion":"2017.11.29""#) && !table.contains("Replicas"))
        }
    }

    @Test("take in empty tables, and let replicas become tables of their own")
    func replicas() async throws {
        try await Self.with { db, europe in
            try await db.put(#"{"p":{"S":"a"}}"#)
            try await db.at("ap-south-1").createTable(more: Self.stream)
            try await db.call("UpdateGlobalTable", Self.update("Create", "ap-south-1"))
            try await db.settleReplicas()
            #expect(try await db.at("ap-south-1").item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"}}"#)
            #expect(
                try await db.error("UpdateGlobalTable", Self.update("Create", "ap-south-1"))
                    .hasPrefix("ReplicaAlreadyExistsException"))
            try await europe.put(#"{"p":{"S":"b"}}"#)
            try await db.call("UpdateGlobalTable", Self.update("Delete", "eu-west-1"))
            try await db.settleReplicas()
            #expect(try await db.item(#"{"p":{"S":"b"}}"#) == #"{"p":{"S":"b"}}"#)
            try await europe.put(#"{"p":{"S":"own"}}"#)
            try await db.settleReplicas()
            #expect(try await db.item(#"{"p":{"S":"own"}}"#) == "none")
            #expect(try await europe.item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"}}"#)
            #expect(
                try await db.error("UpdateGlobalTable", Self.update("Delete", "eu-west-1"))
                    .hasPrefix("ReplicaNotFoundException"))
        }
    }

    @Test("have capacity by replica")
    func settings() async throws {
        try await Self.with { db, _ in
            let settings =
                #"{"GlobalTableName":"table","GlobalTableBillingMode":"PROVISIONED","GlobalTableProvisionedWriteCapacityUnits":4,"ReplicaSettingsUpdate":[{"RegionName":"us-east-1","ReplicaProvisionedReadCapacityUnits":7},{"RegionName":"eu-west-1","ReplicaProvisionedReadCapacityUnits":8}]}"#
            let answer = try await db.call("UpdateGlobalTableSettings", settings)
            #expect(try await db.call("DescribeGlobalTableSettings", Self.named) == answer)
            #expect(answer.contains(#""ReplicaProvisionedReadCapacityUnits":8"#))
            #expect(
                try await db.at("eu-west-1").call("DescribeTable", #"{"TableName":"table"}"#)
                    .contains(#""ReadCapacityUnits":8,"WriteCapacityUnits":4"#))
            let scaling =
                #"{"GlobalTableName":"table","GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate":{"MinimumUnits":1}}"#
            #expect(try await db.error("UpdateGlobalTableSettings", scaling).hasPrefix("ValidationException"))
        }
    }

    @Test("have capacity that is scaled by replica, and for writes in all of them")
    func scaling() async throws {
        try await Self.with { db, _ in
            let update =
                #"{"MinimumUnits":6,"MaximumUnits":9,"ScalingPolicyUpdate":{"TargetTrackingScalingPolicyConfiguration":{"TargetValue":50}}}"#
            let answer = try await db.call(
                "UpdateGlobalTableSettings",
                """
                {"GlobalTableName":"table","GlobalTableBillingMode":"PROVISIONED",\
                "GlobalTableProvisionedWriteCapacityUnits":4,\
                "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate":\(update),\
                "ReplicaSettingsUpdate":[{"RegionName":"us-east-1","ReplicaProvisionedReadCapacityUnits":7},\
                {"RegionName":"eu-west-1","ReplicaProvisionedReadCapacityUnits":1,\
                "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate":\(update)}]}
                """)
            #expect(try await db.call("DescribeGlobalTableSettings", Self.named) == answer)
            for region in ["us-east-1", "eu-west-1"] {
                let read = region == "us-east-1" ? 7 : 6
                #expect(
                    try await db.at(region).call("DescribeTable", #"{"TableName":"table"}"#)
                        .contains(#""ReadCapacityUnits":\#(read),"WriteCapacityUnits":6"#))
            }
            #expect(answer.split(separator: #""MinimumUnits":6"#).count == 4)
            #expect(answer.contains("DynamoDBReadCapacityUtilization:table/table"))
            let off =
                #"{"GlobalTableName":"table","GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate":{"AutoScalingDisabled":true}}"#
            #expect(try await db.call("UpdateGlobalTableSettings", off).split(separator: #""MinimumUnits""#).count == 2)
        }
    }

    @Test("are refused of tables that are not empty, not alike, without a stream, or not there")
    func refusals() async throws {
        try await DynamoDBHost.with { db in
            let europe = db.at("eu-west-1")
            #expect(try await db.error("DescribeGlobalTable", Self.named).hasPrefix("GlobalTableNotFoundException"))
            #expect(
                try await db.error("UpdateGlobalTable", Self.update("Delete", "eu-west-1")).hasPrefix(
                    "GlobalTableNotFound"))
            #expect(
                try await db.error("DescribeGlobalTableSettings", Self.named).hasPrefix("GlobalTableNotFoundException"))
            try await db.createTable(more: Self.stream)
            #expect(try await db.error("CreateGlobalTable", Self.create).hasPrefix("TableNotFoundException"))
            try await europe.createTable()
            #expect(try await db.error("CreateGlobalTable", Self.create).contains("must have a stream"))
            try await europe.call("DeleteTable", #"{"TableName":"table"}"#)
            try await europe.createTable(sort: "S", more: Self.stream)
            #expect(try await db.error("CreateGlobalTable", Self.create).contains("must have the keys"))
            try await europe.call("DeleteTable", #"{"TableName":"table"}"#)
            // A stream is named by the moment it is made.
            db.clock.advance(by: .milliseconds(1))
            try await europe.createTable(more: Self.stream)
            try await europe.put(#"{"p":{"S":"a"}}"#)
            #expect(try await db.error("CreateGlobalTable", Self.create).contains("must be empty"))
            try await europe.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"a"}}}"#)
            try await db.call("CreateGlobalTable", Self.create)
            #expect(try await db.error("CreateGlobalTable", Self.create).hasPrefix("GlobalTableAlreadyExistsException"))
        }
    }
}
