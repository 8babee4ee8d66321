import ServiceKit
import TestSupport
import Testing

@testable import ApplicationAutoScaling

@Suite("Scalable targets")
struct TargetTests {
    private static let place = #","ResourceId":"table/songs","ScalableDimension":"dynamodb:table:WriteCapacityUnits""#

    @Test("are described as they were registered, with the service's own role")
    func description() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            let arn = try await db.register(min: 2, max: 9, more: #","RoleARN":"arn:aws:iam::000000000000:role/mine""#)
            let expected = "arn:aws:application-autoscaling:us-east-1:000000000000:scalable-target/"
            #expect(arn.hasPrefix(expected) && arn.utf8.count == expected.utf8.count + 36)
            let text = String(decoding: try await db.call("DescribeScalableTargets").rawBytes, as: UTF8.self)
            #expect(
                text == """
                    {"ScalableTargets":[{"ServiceNamespace":"dynamodb","ResourceId":"table/songs",\
                    "ScalableDimension":"dynamodb:table:WriteCapacityUnits","MinCapacity":2,"MaxCapacity":9,\
                    "RoleARN":"arn:aws:iam::000000000000:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/\
                    AWSServiceRoleForApplicationAutoScaling_DynamoDBTable","CreationTime":1700000000,\
                    "SuspendedState":{"DynamicScalingInSuspended":false,"DynamicScalingOutSuspended":false,\
                    "ScheduledScalingSuspended":false},"ScalableTargetARN":"\(arn)"}]}
                    """)
        }
    }

    @Test("keep what a second registration does not say")
    func update() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            let arn = try await db.register(min: 2, max: 9)
            db.clock.advance(by: .seconds(10))
            let output = try await db.call(
                "RegisterScalableTarget", Self.place + #","SuspendedState":{"DynamicScalingInSuspended":true}"#)
            #expect(output["ScalableTargetARN"]?.string == arn)
            try await db.call("RegisterScalableTarget", Self.place + #","MaxCapacity":8"#)
            let target = try await db.call("DescribeScalableTargets")["ScalableTargets"]?.elements.first { _ in true }
            #expect(target?["MinCapacity"]?.int64 == 2 && target?["MaxCapacity"]?.int64 == 8)
            #expect(target?["CreationTime"]?.int64 == 1_700_000_000)
            #expect(target?["SuspendedState"]?["DynamicScalingInSuspended"]?.bool == true)
        }
    }

    @Test("bring capacity within their bounds at once, and say so", arguments: [(7, 9, "5/7"), (1, 3, "5/3")])
    func bounds(min: Int, max: Int, capacity: String) async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            try await db.register(min: min, max: max)
            #expect(try await db.capacity() == capacity)
            let units = capacity.dropFirst(2)
            #expect(try await db.activities() == ["Setting write capacity units to \(units)."])
            #expect(
                try await db.activities("Cause") == ["\(min == 7 ? "minimum" : "maximum") capacity was set to \(units)"]
            )
            #expect(
                try await db.activities("StatusMessage") == [
                    "Successfully set write capacity units to \(units). Change successfully fulfilled by dynamodb."
                ])
        }
    }

    @Test("of an index change the index's capacity")
    func index() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            try await db.register("dynamodb:index:ReadCapacityUnits", "table/songs/index/by-g", min: 8)
            #expect(try await db.capacity(ofIndex: true) == "8/5")
            #expect(try await db.capacity() == "5/5")
        }
    }

    @Test("leave tables on demand alone")
    func onDemand() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            try await db.dynamodb("UpdateTable", #"{"TableName":"songs","BillingMode":"PAY_PER_REQUEST"}"#)
            try await db.register(min: 7)
            #expect(try await db.capacity() == "0/0")
            #expect(try await db.activities().isEmpty)
        }
    }

    @Test("take a change that DynamoDB refuses as a failed activity")
    func refusedDecrease() async throws {
        try await ScalingHost.with { db in
            try await db.createTable(write: 10)
            for units in [9, 8, 7, 6] {
                try await db.dynamodb(
                    "UpdateTable",
                    #"{"TableName":"songs","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":\#(units)}}"#
                )
            }
            try await db.register(max: 2)
            #expect(try await db.capacity() == "5/6")
            #expect(try await db.activities("StatusCode") == ["Failed"])
            let message = try #require(try await db.activities("StatusMessage").first)
            #expect(message.hasPrefix("Failed to set write capacity units to 2. Reason: Subscriber limit exceeded"))
        }
    }

    @Test(
        "are refused of what cannot be scaled",
        arguments: [
            (
                #"table/none","ScalableDimension":"dynamodb:table:ReadCapacityUnits"#,
                "DynamoDB table does not exist: table/none"
            ),
            (
                #"table/songs/index/none","ScalableDimension":"dynamodb:index:ReadCapacityUnits"#,
                "DynamoDB index does not exist: table/songs/index/none"
            ),
            (
                #"table/songs","ScalableDimension":"dynamodb:index:ReadCapacityUnits"#,
                "Unsupported service namespace, resource type or scalable dimension"
            ),
            (
                #"dynamo/songs","ScalableDimension":"dynamodb:table:ReadCapacityUnits"#,
                "Unsupported service namespace, resource type or scalable dimension"
            ),
            (
                #"table/songs","ScalableDimension":"ecs:service:DesiredCount"#,
                "Unsupported service namespace, resource type or scalable dimension"
            ),
            (
                #"table//index/","ScalableDimension":"dynamodb:index:ReadCapacityUnits"#,
                "Unsupported service namespace, resource type or scalable dimension"
            ),
        ])
    func unsupported(resource: String, message: String) async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            #expect(
                try await db.error(
                    "RegisterScalableTarget", #","ResourceId":"\#(resource)","MinCapacity":1,"MaxCapacity":2"#)
                    == "ValidationException: \(message)")
        }
    }

    @Test("are refused with bounds that are none")
    func badBounds() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            func error(_ more: String) async throws -> String {
                try await db.error("RegisterScalableTarget", Self.place + more)
            }
            #expect(
                try await error(#","MinCapacity":3,"MaxCapacity":2"#)
                    == "ValidationException: Maximum capacity cannot be less than minimum capacity")
            #expect(
                try await error(#","MinCapacity":3"#)
                    == "ValidationException: MinCapacity and MaxCapacity must be specified when registering a new "
                    + "scalable target.")
            #expect(try await error(#","MinCapacity":0,"MaxCapacity":2"#).hasPrefix("ValidationException"))
            #expect(try await error(#","MinCapacity":-5,"MaxCapacity":-2"#).hasPrefix("ValidationException"))
            #expect(
                try await error(#","MinCapacity":1,"MaxCapacity":2,"RoleARN":"arn:aws:iam::111111111111:role/r""#)
                    == "AccessDeniedException: Cross-account pass role is not allowed.")
            #expect(
                try await db.call("DescribeScalableTargets")["ScalableTargets"]?.elements.contains { _ in true }
                    == false)
        }
    }

    @Test("of other services are refused by name, and there are none to list")
    func otherNamespaces() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            let place = #","ResourceId":"service/default/web","ScalableDimension":"ecs:service:DesiredCount""#
            #expect(
                try await db.error(
                    "RegisterScalableTarget", place + #","MinCapacity":1,"MaxCapacity":2"#, namespace: "ecs")
                    == "ValidationException: Unsupported service namespace, resource type or scalable dimension: only "
                    + "dynamodb is scaled here, and ecs is not.")
            #expect(
                try await db.error("DeregisterScalableTarget", place, namespace: "ecs")
                    == "ObjectNotFoundException: No scalable target found for service namespace: ecs, resource ID: "
                    + "service/default/web, scalable dimension: ecs:service:DesiredCount")
            #expect(try await db.error("DescribeScalableTargets", namespace: "ecs") == "none")
            #expect(try await db.error("DescribeScalingActivities", namespace: "lambda") == "none")
            #expect(
                try await db.error("DescribeScalableTargets", namespace: "nonsense").hasPrefix("ValidationException"))
        }
    }

    @Test("take their policies and actions with them")
    func deregistration() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            try await db.register()
            try await db.putPolicy()
            try await db.call(
                "PutScheduledAction",
                Self.place
                    + #","ScheduledActionName":"a","Schedule":"rate(1 hour)","ScalableTargetAction":{"MinCapacity":2}"#)
            try await db.call("DeregisterScalableTarget", Self.place)
            for (operation, list) in [
                ("DescribeScalableTargets", "ScalableTargets"), ("DescribeScalingPolicies", "ScalingPolicies"),
                ("DescribeScheduledActions", "ScheduledActions"),
            ] {
                #expect(try await db.call(operation)[list]?.elements.contains { _ in true } == false)
            }
            #expect(try await db.error("DeregisterScalableTarget", Self.place).hasPrefix("ObjectNotFoundException"))
            #expect(try await db.scaler.step(at: db.clock.now) == nil)
        }
    }

    @Test("are listed page by page, and by resource and dimension")
    func lists() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            try await db.register()
            try await db.register(ScalingHost.read)
            try await db.register("dynamodb:index:ReadCapacityUnits", "table/songs/index/by-g")
            func page(_ more: String) async throws -> ([String], String?) {
                let output = try await db.call("DescribeScalableTargets", more)
                return (
                    output["ScalableTargets"]?.elements.compactMap { $0["ScalableDimension"]?.string } ?? [],
                    output["NextToken"]?.string
                )
            }
            let (first, token) = try await page(#","MaxResults":2"#)
            #expect(first == [ScalingHost.read, ScalingHost.write])
            let (second, last) = try await page(#","MaxResults":2,"NextToken":"\#(token ?? "")""#)
            #expect(second == ["dynamodb:index:ReadCapacityUnits"] && last == nil)
            #expect(try await page(#","ResourceIds":["table/songs"]"#).0 == first)
            #expect(
                try await page(#","ResourceIds":["table/songs"],"ScalableDimension":"\#(ScalingHost.write)""#).0
                    == [ScalingHost.write])
            #expect(
                try await db.error("DescribeScalableTargets", #","ScalableDimension":"\#(ScalingHost.write)""#)
                    .hasPrefix("ValidationException"))
            #expect(
                try await db.error("DescribeScalableTargets", #","MaxResults":51"#).hasPrefix("ValidationException"))
            #expect(try await db.error("DescribeScalableTargets", #","MaxResults":0"#).hasPrefix("ValidationException"))
            #expect(
                try await db.error("DescribeScalableTargets", #","NextToken":"x""#).hasPrefix(
                    "InvalidNextTokenException"))
            // One list's token is no other's.
            #expect(
                try await db.error("DescribeScalingPolicies", #","NextToken":"\#(token ?? "")""#)
                    .hasPrefix("InvalidNextTokenException"))
        }
    }

    @Test("belong to an account and a region")
    func regions() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            try await db.createTable(in: "eu-west-1")
            try await db.register(min: 7)
            #expect(try await db.capacity(in: "eu-west-1") == "5/5")
            let europe = try await db.call("DescribeScalableTargets", in: "eu-west-1")
            #expect(europe["ScalableTargets"]?.elements.contains { _ in true } == false)
        }
    }

    @Test("have tags")
    func tags() async throws {
        try await ScalingHost.with { db in
            try await db.createTable()
            let arn = try await db.register(more: #","Tags":{"team":"songs"}"#)
            func tagged(_ operation: String, _ more: String, arn: String) async throws -> String {
                let name = "application-autoscaling"
                let input = #"{"ResourceARN":"\#(arn)"\#(more)}"#
                if let error = try await db.host.error(of: name, operation, input) { return error.code }
                let output = try await db.host.call(name, "ListTagsForResource", #"{"ResourceARN":"\#(arn)"}"#)
                return String(decoding: output["Tags"]?.rawBytes ?? [], as: UTF8.self)
            }
            #expect(try await tagged("TagResource", #","Tags":{"a":"1"}"#, arn: arn) == #"{"a":"1","team":"songs"}"#)
            #expect(try await tagged("UntagResource", #","TagKeys":["team","none"]"#, arn: arn) == #"{"a":"1"}"#)
            let many = (0..<50).map { #""t\#($0)":"x""# }.joined(separator: ",")
            #expect(try await tagged("TagResource", #","Tags":{\#(many)}"#, arn: arn) == "TooManyTagsException")
            #expect(try await tagged("TagResource", #","Tags":{"aws:x":"1"}"#, arn: arn) == "ValidationException")
            let other = arn.dropLast(1) + "-"
            #expect(
                try await tagged("TagResource", #","Tags":{"a":"1"}"#, arn: String(other))
                    == "ResourceNotFoundException")
        }
    }

    @Test("survive a restart")
    func restart() async throws {
        try await TemporaryFolder.with { folder in
            let arn = try await ScalingHost.with(folder: folder) { db -> String in
                try await db.createTable()
                let arn = try await db.register()
                try await db.putPolicy()
                return arn
            }
            try await ScalingHost.with(folder: folder) { db in
                let targets = try await db.call("DescribeScalableTargets")["ScalableTargets"]
                let target = targets?.elements.first { _ in true }
                #expect(target?["ScalableTargetARN"]?.string == arn)
                try await db.pass(minutes: 2, writing: 300)
                #expect(try await db.capacity() == "5/10")
            }
        }
    }
}
