import ServiceKit
import TestSupport
import Testing

@testable import ApplicationAutoScaling

@Suite("Scaling policies")
struct PolicyTests {
    /// 5 units a second are provisioned: 300 a minute, of which the policy wants 150 consumed.
    private static func withPolicy(
        min: Int = 1, max: Int = 100, units: Int = 5, more: String = "", _ body: (ScalingHost) async throws -> Void
    ) async throws {
        try await ScalingHost.with { db in
            try await db.createTable(write: units)
            try await db.register(min: min, max: max)
            try await db.putPolicy(more: more)
            try await body(db)
        }
    }

    @Test("answer the ARN and the alarms that clients look for, the same each time")
    func description() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            try await db.register()
            let put = try await db.putPolicy(name: "DynamoDBWriteCapacityUtilization:table/songs")
            let arn = try #require(put["PolicyARN"]?.string)
            #expect(arn.hasPrefix("arn:aws:autoscaling:us-east-1:000000000000:scalingPolicy:"))
            #expect(
                arn.hasSuffix(":resource/dynamodb/table/songs:policyName/DynamoDBWriteCapacityUtilization:table/songs"))
            let names = put["Alarms"]?.elements.compactMap { $0["AlarmName"]?.string } ?? []
            #expect(
                names.map { $0.dropLast(37) } == [
                    "TargetTracking-table/songs-AlarmHigh", "TargetTracking-table/songs-AlarmLow",
                    "TargetTracking-table/songs-ProvisionedCapacityHigh",
                    "TargetTracking-table/songs-ProvisionedCapacityLow",
                ])
            #expect(
                put["Alarms"]?.elements.first { _ in true }?["AlarmARN"]?.string
                    == "arn:aws:cloudwatch:us-east-1:000000000000:alarm:\(names.first ?? "")")
            let policy = try await db.call("DescribeScalingPolicies")["ScalingPolicies"]?.elements.first { _ in true }
            let text = String(decoding: policy?.rawBytes ?? [], as: UTF8.self)
            #expect(
                text.hasPrefix(
                    """
                    {"PolicyARN":"\(arn)","PolicyName":"DynamoDBWriteCapacityUtilization:table/songs",\
                    "ServiceNamespace":"dynamodb","ResourceId":"table/songs",\
                    "ScalableDimension":"dynamodb:table:WriteCapacityUnits","PolicyType":"TargetTrackingScaling",\
                    "TargetTrackingScalingPolicyConfiguration":{"TargetValue":50,\
                    "PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDBWriteCapacityUtilization"}},\
                    "Alarms":[{"AlarmName":"\(names.first ?? "")"
                    """))
            let again = try await db.putPolicy(name: "DynamoDBWriteCapacityUtilization:table/songs", target: 60)
            #expect(again.rawBytes.elementsEqual(put.rawBytes))
        }
    }

    @Test("grow capacity once two minutes in a row were above the target")
    func scaleOut() async throws {
        try await Self.withPolicy { db in
            try await db.pass(minutes: 1, writing: 280)
            #expect(try await db.capacity() == "5/5")
            try await db.pass(minutes: 1, writing: 280)
            #expect(try await db.capacity() == "5/10")
            #expect(try await db.activities() == ["Setting write capacity units to 10."])
            let cause = try #require(try await db.activities("Cause").first)
            #expect(cause.hasPrefix("monitor alarm TargetTracking-table/songs-AlarmHigh-"))
            #expect(cause.hasSuffix(" in state ALARM triggered policy policy"))
            // Now that there is more, as much is on target.
            try await db.pass(minutes: 3, writing: 280)
            #expect(try await db.capacity() == "5/10")
        }
    }

    @Test("do not grow it for single minutes")
    func bursts() async throws {
        try await Self.withPolicy { db in
            for _ in 0..<3 {
                try await db.pass(minutes: 1, writing: 280)
                try await db.pass(minutes: 1, writing: 100)
            }
            #expect(try await db.capacity() == "5/5")
        }
    }

    @Test("never grow it over the maximum, and say once that they cannot")
    func maximum() async throws {
        try await Self.withPolicy(max: 6) { db in
            try await db.pass(minutes: 5, writing: 290)
            #expect(try await db.capacity() == "5/6")
            #expect(try await db.activities() == ["Setting write capacity units to 6."])
            let all = #","IncludeNotScaledActivities":true"#
            #expect(try await db.activities(more: all) == ["Setting write capacity units to 6."])
            try await db.pass(minutes: 1, writing: 10)
            try await db.pass(minutes: 4, writing: 290)
            let output = try await db.call("DescribeScalingActivities", all)
            let newest = output["ScalingActivities"]?.elements.first { _ in true }
            #expect(newest?["Description"]?.string == "Attempting to scale due to alarm triggered")
            #expect(newest?["StatusCode"]?.string == "Failed")
            #expect(
                String(decoding: newest?["NotScaledReasons"]?.rawBytes ?? [], as: UTF8.self)
                    == #"[{"Code":"AlreadyAtMaxCapacity","MaxCapacity":6}]"#)
            #expect(try await db.activities(more: all).count == 2)
        }
    }

    @Test("shrink capacity once a quarter of an hour was 20 points below the target, to what all of it needed")
    func scaleIn() async throws {
        try await Self.withPolicy(units: 20) { db in
            // 20 a second are 1200 a minute, of which 30 percent are 360.
            try await db.pass(minutes: 1, writing: 300)
            try await db.pass(minutes: 13, writing: 60)
            #expect(try await db.capacity() == "5/20")
            try await db.pass(minutes: 1, writing: 60)
            #expect(try await db.capacity() == "5/10")
            let cause = try #require(try await db.activities("Cause").first)
            #expect(cause.contains("-AlarmLow-"))
        }
    }

    @Test("shrink capacity that nobody uses, no further than to the minimum")
    func idle() async throws {
        try await Self.withPolicy(min: 2) { db in
            try await db.pass(minutes: 16)
            #expect(try await db.capacity() == "5/2")
            #expect(try await db.activities() == ["Setting write capacity units to 2."])
            try await db.pass(minutes: 20)
            #expect(try await db.capacity() == "5/2")
        }
    }

    @Test("do not shrink what they are told not to, nor what is between the limits")
    func noScaleIn() async throws {
        try await Self.withPolicy(more: #","DisableScaleIn":true"#) { db in
            try await db.pass(minutes: 20)
            #expect(try await db.capacity() == "5/5")
        }
        try await Self.withPolicy { db in
            try await db.pass(minutes: 20, writing: 120)
            #expect(try await db.capacity() == "5/5")
        }
    }

    @Test("wait for their cooldowns, but for a greater step than the last one")
    func scaleOutCooldown() async throws {
        try await Self.withPolicy(more: #","ScaleOutCooldown":600"#) { db in
            try await db.pass(minutes: 2, writing: 180)
            #expect(try await db.capacity() == "5/6")
            try await db.pass(minutes: 3, writing: 205)
            #expect(try await db.capacity() == "5/6")
            try await db.pass(minutes: 2, writing: 285)
            #expect(try await db.capacity() == "5/10")
            try await db.pass(minutes: 5, writing: 330)
            #expect(try await db.capacity() == "5/10")
            try await db.pass(minutes: 6, writing: 330)
            #expect(try await db.capacity() == "5/11")
        }
    }

    @Test("wait for the cooldown before they shrink again, and not before they grow again")
    func scaleInCooldown() async throws {
        try await Self.withPolicy(units: 40, more: #","ScaleInCooldown":1200"#) { db in
            try await db.pass(minutes: 15, writing: 600)
            #expect(try await db.capacity() == "5/20")
            try await db.pass(minutes: 18, writing: 30)
            #expect(try await db.capacity() == "5/20")
            try await db.pass(minutes: 4, writing: 30)
            #expect(try await db.capacity() == "5/1")
            try await db.pass(minutes: 2, writing: 60)
            #expect(try await db.capacity() == "5/2")
        }
    }

    @Test("rest while they are suspended", arguments: ["Out", "In"])
    func suspension(direction: String) async throws {
        try await Self.withPolicy { db in
            try await db.call(
                "RegisterScalableTarget",
                ScalingHost.target() + #","SuspendedState":{"DynamicScaling\#(direction)Suspended":true}"#)
            try await db.pass(minutes: 3, writing: 280)
            #expect(try await db.capacity() == (direction == "Out" ? "5/5" : "5/10"))
            try await db.pass(minutes: 17)
            #expect(try await db.capacity() == (direction == "Out" ? "5/1" : "5/10"))
        }
    }

    @Test("follow what is read, and indexes by themselves")
    func readsAndIndexes() async throws {
        try await ScalingHost.with { db in
            try await db.createTable(write: 50)
            try await db.register(ScalingHost.read)
            try await db.putPolicy(ScalingHost.read)
            try await db.register("dynamodb:index:WriteCapacityUnits", "table/songs/index/by-g", min: 5)
            try await db.putPolicy("dynamodb:index:WriteCapacityUnits", "table/songs/index/by-g", name: "index")
            try await db.pass(minutes: 15, writing: 600, indexed: true)
            #expect(try await db.capacity(ofIndex: true) == "5/20")
            #expect(try await db.capacity() == "1/50")
        }
    }

    @Test("leave it at what DynamoDB refuses, and do not ask it every minute")
    func refusals() async throws {
        try await Self.withPolicy(units: 20) { db in
            for units in [19, 18, 17, 16] {
                try await db.dynamodb(
                    "UpdateTable",
                    #"{"TableName":"songs","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":\#(units)}}"#
                )
            }
            try await db.pass(minutes: 24, writing: 30)
            #expect(try await db.capacity() == "5/16")
            #expect(try await db.activities("StatusCode") == ["Failed", "Failed"])
            // An hour behind the last decrease it may be.
            try await db.pass(minutes: 40, writing: 30)
            #expect(try await db.capacity() == "5/1")
        }
    }

    @Test("need a target, its metric, and a value that can be")
    func refusedPolicies() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            let place = ScalingHost.target()
            func error(_ configuration: String, type: String = "TargetTrackingScaling") async throws -> String {
                try await db.error(
                    "PutScalingPolicy",
                    place + #","PolicyName":"p","PolicyType":"\#(type)"\#(configuration)"#)
            }
            func tracking(_ value: String, _ metric: String = "DynamoDBWriteCapacityUtilization") -> String {
                #","TargetTrackingScalingPolicyConfiguration":{"TargetValue":\#(value),"PredefinedMetricSpecification":{"PredefinedMetricType":"\#(metric)"}}"#
            }
            #expect(
                try await error(tracking("50"))
                    == "ObjectNotFoundException: No scalable target registered for service namespace: dynamodb, "
                    + "resource ID: table/songs, scalable dimension: dynamodb:table:WriteCapacityUnits")
            try await db.register()
            for value in ["0", "-1", "19", "91", "1e300"] {
                #expect(try await error(tracking(value)).hasPrefix("ValidationException"), "\(value)")
            }
            #expect(try await error(tracking("50", "DynamoDBReadCapacityUtilization")).hasPrefix("ValidationException"))
            #expect(try await error(tracking("50", "ECSServiceAverageCPUUtilization")).hasPrefix("ValidationException"))
            #expect(try await error("").hasPrefix("ValidationException"))
            #expect(
                try await error(
                    #","StepScalingPolicyConfiguration":{"AdjustmentType":"ExactCapacity"}"#, type: "StepScaling"
                ).contains("StepScaling is not supported"))
            #expect(
                try await error(
                    #","TargetTrackingScalingPolicyConfiguration":{"TargetValue":50,"CustomizedMetricSpecification":{"MetricName":"m","Namespace":"n","Statistic":"Sum"}}"#
                ).contains("CustomizedMetricSpecification is not available here"))
            #expect(try await error(tracking("50")) == "none")
            #expect(
                try await db.error(
                    "PutScalingPolicy",
                    place + #","PolicyName":"q","PolicyType":"TargetTrackingScaling""# + tracking("60"))
                    == "ValidationException: Only one TargetTrackingScaling policy for a given metric specification is "
                    + "allowed.")
            #expect(
                try await db.error(
                    "GetPredictiveScalingForecast", place + #","PolicyName":"p","StartTime":1,"EndTime":2"#
                )
                .hasPrefix("ValidationException"))
        }
    }

    @Test("are found by name and deleted once")
    func deletion() async throws {
        try await Self.withPolicy { db in
            func names(_ more: String) async throws -> [String] {
                let output = try await db.call("DescribeScalingPolicies", more)
                return output["ScalingPolicies"]?.elements.compactMap { $0["PolicyName"]?.string } ?? []
            }
            #expect(try await names(#","PolicyNames":["policy"]"#) == ["policy"])
            #expect(try await names(#","PolicyNames":["other"]"#).isEmpty)
            #expect(try await names(ScalingHost.target()) == ["policy"])
            let input = ScalingHost.target() + #","PolicyName":"policy""#
            try await db.call("DeleteScalingPolicy", input)
            #expect(
                try await db.error("DeleteScalingPolicy", input)
                    == "ObjectNotFoundException: No scaling policy found for service namespace: dynamodb, resource ID: "
                    + "table/songs, scalable dimension: dynamodb:table:WriteCapacityUnits, policy name: policy")
            try await db.pass(minutes: 3, writing: 280)
            #expect(try await db.capacity() == "5/5")
        }
    }
}
