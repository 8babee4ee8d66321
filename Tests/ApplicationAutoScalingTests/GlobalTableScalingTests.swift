import ServiceKit
import TestSupport
import Testing

@testable import ApplicationAutoScaling
@testable import DynamoDB

@Suite("Scaling of global tables")
struct GlobalTableScalingTests {
    private static let table = #"{"TableName":"songs""#
    private static let bounds = #""MinimumUnits":4,"MaximumUnits":40"#
    private static let on =
        #"{\#(bounds),"ScalingPolicyUpdate":{"TargetTrackingScalingPolicyConfiguration":{"TargetValue":50}}}"#

    /// Replicas in us-east-1 and eu-west-1.
    private static func withReplicas(_ body: (ScalingHost) async throws -> Void) async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            try await addReplica("eu-west-1", db)
            try await body(db)
        }
    }

    private static func addReplica(_ region: String, _ db: ScalingHost) async throws {
        try await db.dynamodb("UpdateTable", table + #","ReplicaUpdates":[{"Create":{"RegionName":"\#(region)"}}]}"#)
        try await ReplicaFiller(tables: db.tables).run(at: db.clock.now)
        try await Replicator(tables: db.tables, clock: db.clock).run()
    }

    /// The settings of a replica, as JSON.
    private static func settings(_ db: ScalingHost, _ member: String, region: String = "us-east-1") async throws
        -> String
    {
        let output = try await db.dynamodb("DescribeTableReplicaAutoScaling", table + "}")
        let replicas = output["TableAutoScalingDescription"]?["Replicas"]?.elements
        let replica = replicas?.first { $0["RegionName"]?.string == region }
        return String(decoding: replica?[member]?.rawBytes ?? [], as: UTF8.self)
    }

    private static func error(_ db: ScalingHost, _ input: String) async throws -> String {
        let error = try await db.host.error(of: "dynamodb", "UpdateTableReplicaAutoScaling", table + input + "}")
        return error.map { "\($0.code): \($0.message)" } ?? "none"
    }

    private static let reads = "ReplicaProvisionedReadCapacityAutoScalingSettings"
    private static let writes = "ReplicaProvisionedWriteCapacityAutoScalingSettings"
    private static let off = #"{"AutoScalingDisabled":true,"ScalingPolicies":[]}"#
    private static func described(_ direction: String) -> String {
        """
        {"MinimumUnits":4,"MaximumUnits":40,"AutoScalingRoleArn":"arn:aws:iam::000000000000:role/aws-service-role/\
        dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",\
        "ScalingPolicies":[{"PolicyName":"DynamoDB\(direction)CapacityUtilization:table/songs",\
        "TargetTrackingScalingPolicyConfiguration":{"TargetValue":50}}]}
        """
    }

    @Test("of writes is set for every replica, and stands in Application Auto Scaling of each region")
    func writes() async throws {
        try await Self.withReplicas { db in
            #expect(try await Self.settings(db, Self.writes) == Self.off)
            try await db.dynamodb(
                "UpdateTableReplicaAutoScaling",
                Self.table + #","ProvisionedWriteCapacityAutoScalingUpdate":\#(Self.on)}"#)
            for region in ["us-east-1", "eu-west-1"] {
                #expect(try await Self.settings(db, Self.writes, region: region) == Self.described("Write"))
                #expect(try await Self.settings(db, Self.reads, region: region) == Self.off)
                let targets = try await db.call("DescribeScalableTargets", in: region)["ScalableTargets"]
                #expect(targets?.elements.map { $0["MinCapacity"]?.int64 } == [4])
                let policies = try await db.call("DescribeScalingPolicies", in: region)["ScalingPolicies"]
                #expect(
                    policies?.elements.map { $0["PolicyName"]?.string }
                        == ["DynamoDBWriteCapacityUtilization:table/songs"])
            }
            try await db.dynamodb(
                "UpdateTableReplicaAutoScaling",
                Self.table + #","ProvisionedWriteCapacityAutoScalingUpdate":{"AutoScalingDisabled":true}}"#)
            #expect(try await Self.settings(db, Self.writes, region: "eu-west-1") == Self.off)
        }
    }

    @Test("of writes counts what is written in any region, and changes all of them")
    func writesAnywhere() async throws {
        try await Self.withReplicas { db in
            try await db.dynamodb(
                "UpdateTableReplicaAutoScaling",
                Self.table + #","ProvisionedWriteCapacityAutoScalingUpdate":\#(Self.on)}"#)
            try await db.pass(minutes: 2, writing: 280, in: "eu-west-1")
            #expect(try await db.capacity() == "5/10")
            #expect(try await db.capacity(in: "eu-west-1") == "5/10")
            try await db.pass(minutes: 3, writing: 280)
            #expect(try await db.capacity(in: "eu-west-1") == "5/10")
        }
    }

    @Test("of reads is a matter of one region")
    func reads() async throws {
        try await Self.withReplicas { db in
            try await db.dynamodb(
                "UpdateTableReplicaAutoScaling",
                Self.table
                    + #","ReplicaUpdates":[{"RegionName":"eu-west-1","ReplicaProvisionedReadCapacityAutoScalingUpdate":{"MinimumUnits":8,"MaximumUnits":9,"ScalingPolicyUpdate":{"PolicyName":"mine","TargetTrackingScalingPolicyConfiguration":{"TargetValue":50,"DisableScaleIn":true,"ScaleInCooldown":60}}}}]}"#
            )
            #expect(try await db.capacity(in: "eu-west-1") == "8/5")
            #expect(try await db.capacity() == "5/5")
            #expect(try await Self.settings(db, Self.reads) == Self.off)
            #expect(
                try await Self.settings(db, Self.reads, region: "eu-west-1").contains(
                    #""ScalingPolicies":[{"PolicyName":"mine","TargetTrackingScalingPolicyConfiguration":{"TargetValue":50,"ScaleInCooldown":60,"DisableScaleIn":true}}]"#
                ))
            // A change of the other region's leaves it be.
            try await db.dynamodb(
                "UpdateTable",
                Self.table + #","ProvisionedThroughput":{"ReadCapacityUnits":6,"WriteCapacityUnits":5}}"#)
            #expect(try await db.capacity(in: "eu-west-1") == "8/5")
        }
    }

    @Test("of indexes is set for writes everywhere and for reads here and there")
    func indexes() async throws {
        try await Self.withReplicas { db in
            try await db.dynamodb(
                "UpdateTableReplicaAutoScaling",
                Self.table + """
                    ,"GlobalSecondaryIndexUpdates":[{"IndexName":"by-g",\
                    "ProvisionedWriteCapacityAutoScalingUpdate":\(Self.on)}],\
                    "ReplicaUpdates":[{"RegionName":"eu-west-1","ReplicaGlobalSecondaryIndexUpdates":[\
                    {"IndexName":"by-g","ProvisionedReadCapacityAutoScalingUpdate":\(Self.on)}]}]}
                    """)
            let here = try await Self.settings(db, "GlobalSecondaryIndexes")
            let there = try await Self.settings(db, "GlobalSecondaryIndexes", region: "eu-west-1")
            #expect(here.contains(#""ProvisionedReadCapacityAutoScalingSettings":\#(Self.off)"#))
            #expect(here.contains("DynamoDBWriteCapacityUtilization:table/songs/index/by-g"))
            #expect(there.contains("DynamoDBReadCapacityUtilization:table/songs/index/by-g"))
            #expect(there.contains("DynamoDBWriteCapacityUtilization:table/songs/index/by-g"))
        }
    }

    @Test("by another policy takes the place of the one before")
    func replacement() async throws {
        try await Self.withReplicas { db in
            for name in ["first", "second"] {
                try await db.dynamodb(
                    "UpdateTableReplicaAutoScaling",
                    Self.table
                        + #","ProvisionedWriteCapacityAutoScalingUpdate":{\#(Self.bounds),"ScalingPolicyUpdate":{"PolicyName":"\#(name)","TargetTrackingScalingPolicyConfiguration":{"TargetValue":40}}}}"#
                )
            }
            let policies = try await db.call("DescribeScalingPolicies")["ScalingPolicies"]
            #expect(policies?.elements.map { $0["PolicyName"]?.string } == ["second"])
        }
    }

    @Test("of writes comes to new replicas too")
    func newReplicas() async throws {
        try await Self.withReplicas { db in
            try await db.dynamodb(
                "UpdateTableReplicaAutoScaling",
                Self.table + #","ProvisionedWriteCapacityAutoScalingUpdate":\#(Self.on)}"#)
            try await Self.addReplica("eu-central-1", db)
            #expect(try await Self.settings(db, Self.writes, region: "eu-central-1") == Self.described("Write"))
        }
    }

    @Test("is kept while the table is on demand, and described as disabled")
    func onDemand() async throws {
        try await Self.withReplicas { db in
            try await db.dynamodb(
                "UpdateTableReplicaAutoScaling",
                Self.table + #","ProvisionedWriteCapacityAutoScalingUpdate":\#(Self.on)}"#)
            try await db.dynamodb("UpdateTable", Self.table + #","BillingMode":"PAY_PER_REQUEST"}"#)
            let settings = try await Self.settings(db, Self.writes)
            #expect(settings.hasPrefix(#"{"MinimumUnits":4,"MaximumUnits":40,"AutoScalingDisabled":true,"#))
            #expect(
                try await Self.error(db, #","ProvisionedWriteCapacityAutoScalingUpdate":\#(Self.on)"#).contains(
                    "BillingMode is PayPerRequest. You must convert table's BillingMode to PROVISIONED"))
            try await db.pass(minutes: 20)
            #expect(try await db.capacity() == "0/0")
        }
    }

    @Test(
        "is refused where something is missing",
        arguments: [
            ("", "because at least one update parameter must be specified."),
            (
                #","ProvisionedWriteCapacityAutoScalingUpdate":{}"#,
                "Parameters 'MaximumUnits', 'ScalingPolicyUpdate', 'MinimumUnits' are required unless auto scaling is being disabled."
            ),
            (
                #","ProvisionedWriteCapacityAutoScalingUpdate":{"MinimumUnits":1,"MaximumUnits":2}"#,
                "Parameters 'ScalingPolicyUpdate' are required unless auto scaling is being disabled."
            ),
            (
                #","ProvisionedWriteCapacityAutoScalingUpdate":{"AutoScalingDisabled":true,"MaximumUnits":2}"#,
                "Parameters 'MaximumUnits' must be left blank when disabling auto scaling."
            ),
            (
                #","ReplicaUpdates":[{"RegionName":"eu-west-1"}]"#,
                "because at least one update parameter must be specified for region: ‘eu-west-1’."
            ),
            (
                #","ReplicaUpdates":[{"RegionName":"eu-west-1"},{"RegionName":"eu-west-1"}]"#,
                "because the regions: ‘[eu-west-1]’ were specified more than once."
            ),
            (
                #","ReplicaUpdates":[{"RegionName":"ap-south-1","ReplicaProvisionedReadCapacityAutoScalingUpdate":{"AutoScalingDisabled":true}}]"#,
                "because a replica does not exist in regions: ‘[ap-south-1]’."
            ),
            (
                #","GlobalSecondaryIndexUpdates":[{"IndexName":"none","ProvisionedWriteCapacityAutoScalingUpdate":{"AutoScalingDisabled":true}}]"#,
                "because the global secondary indexes with names: ‘[none]’ do not exist."
            ),
            (
                #","ReplicaUpdates":[{"RegionName":"eu-west-1","ReplicaGlobalSecondaryIndexUpdates":[{"IndexName":"none","ProvisionedReadCapacityAutoScalingUpdate":{"AutoScalingDisabled":true}}]}]"#,
                "because a global secondary index with name: ‘none’ does not exist in region: ‘eu-west-1’."
            ),
        ])
    func refusals(input: String, message: String) async throws {
        try await Self.withReplicas { db in
            let error = try await Self.error(db, input)
            #expect(error.hasSuffix(message), "\(error)")
            #expect(error.hasPrefix(message.contains("exist") ? "ResourceNotFoundException" : "ValidationException"))
        }
    }

    @Test("that cannot be leaves nothing behind of what came before it")
    func atomicity() async throws {
        try await Self.withReplicas { db in
            let bad =
                #"{"MinimumUnits":9,"MaximumUnits":2,"ScalingPolicyUpdate":{"TargetTrackingScalingPolicyConfiguration":{"TargetValue":50}}}"#
            let error = try await Self.error(
                db,
                #","ProvisionedWriteCapacityAutoScalingUpdate":\#(Self.on),"ReplicaUpdates":[{"RegionName":"eu-west-1","ReplicaProvisionedReadCapacityAutoScalingUpdate":\#(bad)}]"#
            )
            #expect(error == "ValidationException: Maximum capacity cannot be less than minimum capacity")
            #expect(try await Self.settings(db, Self.writes) == Self.off)
        }
    }
}
