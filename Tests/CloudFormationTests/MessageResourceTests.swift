import ServiceKit
import TemplateLanguage
import TestSupport
import Testing

@testable import CloudFormation

@Suite("Topics, queues, log groups and scaling")
struct MessageResourceTests {
    private static func with(_ body: (ResourceHost) async throws -> Void) async throws {
        try await ResourceHost.with(
            [
                "messages": ResourceHost.messages, "monitoring": ResourceHost.monitoring,
                "tables": ResourceHost.tables,
            ], body)
    }

    @Test(
        "survive a crash at any call of their creation",
        arguments: [
            ("AWS::SNS::Topic", #"{"DisplayName":"d","Tags":[{"Key":"a","Value":"b"}]}"#),
            (
                "AWS::SNS::Topic",
                #"{"Subscription":[{"Protocol":"sqs","Endpoint":"arn:aws:sqs:us-east-1:000000000000:q"}]}"#
            ),
            ("AWS::Logs::LogGroup", #"{"RetentionInDays":"7","Tags":[{"Key":"a","Value":"b"}]}"#),
        ])
    func crashes(_ type: String, _ properties: String) async throws {
        try await Self.with { try await $0.survivesCrashes(type, properties) }
    }

    @Test("a queue is made once, changed and deleted")
    func queue() async throws {
        try await Self.with { host in
            let type = "AWS::SQS::Queue"
            let old = #"{"VisibilityTimeout":"45","RedriveAllowPolicy":{"redrivePermission":"denyAll"}}"#
            let made = try await host.create(type, old)
            let arn = "arn:aws:sqs:us-east-1:000000000000:my-stack-Thing-A1B2C3D4E5F6"
            #expect(made.attributes["Arn"] == .string(arn))
            #expect(made.attributes["VisibilityTimeout"] == .number("45"))
            let again = try await host.create(type, old, in: host.context(isRetry: true))
            #expect(again == made)
            let taken = await #expect(throws: ServiceError.self) { try await host.create(type, old) }
            #expect(taken?.code == "QueueNameExists")
            _ = try await host.update(type, made.id, from: old, to: #"{"DelaySeconds":3}"#)
            let found = try await host.call(
                "sqs", "GetQueueAttributes", #"{"QueueUrl":"\#(made.id)","AttributeNames":["All"]}"#)["Attributes"]
            #expect(found?["VisibilityTimeout"]?.string == "30" && found?["DelaySeconds"]?.string == "3")
            #expect(found?["RedriveAllowPolicy"] == nil)
            try await host.type(type).delete(made.id, TemplateMap(), in: host.context())
            let left = try await host.type(type).read(made.id, TemplateMap(), in: host.context())
            #expect(left == nil)
        }
    }

    @Test("a topic is changed in place")
    func topic() async throws {
        try await Self.with { host in
            let type = "AWS::SNS::Topic"
            let queue = #"{"Protocol":"sqs","Endpoint":"arn:aws:sqs:us-east-1:000000000000:q"}"#
            let old = #"{"TopicName":"t","DisplayName":"d","Subscription":[\#(queue)]}"#
            let id = try await host.create(type, old).id
            #expect(id == "arn:aws:sns:us-east-1:000000000000:t")
            _ = try await host.update(type, id, from: old, to: #"{"TopicName":"t","Tags":[{"Key":"a","Value":"b"}]}"#)
            let found = try await host.call("sns", "GetTopicAttributes", #"{"TopicArn":"\#(id)"}"#)["Attributes"]
            #expect(found?["DisplayName"]?.string == "")
            let left = try await host.call("sns", "ListSubscriptionsByTopic", #"{"TopicArn":"\#(id)"}"#)
            #expect(left["Subscriptions"]?.elements.map { _ in 1 } == [])
        }
    }

    @Test("a subscription and a queue's policy are there once")
    func subscription() async throws {
        try await Self.with { host in
            let topic = try await host.create("AWS::SNS::Topic", #"{"TopicName":"t"}"#).id
            let queue = try await host.create("AWS::SQS::Queue", #"{"QueueName":"q"}"#)
            let arn = queue.attributes["Arn"]?.text ?? ""
            try await host.survivesCrashes(
                "AWS::SQS::QueuePolicy",
                #"""
                {"Queues":["\#(queue.id)"],"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
                "Principal":"*","Action":"sqs:SendMessage","Resource":"\#(arn)"}]}}
                """#)
            let type = "AWS::SNS::Subscription"
            let old = #"{"TopicArn":"\#(topic)","Protocol":"sqs","Endpoint":"\#(arn)","FilterPolicy":{"a":["b"]}}"#
            let made = try await host.create(type, old)
            let again = try await host.create(type, old, in: host.context(isRetry: true))
            #expect(again == made)
            let new = #"{"TopicArn":"\#(topic)","Protocol":"sqs","Endpoint":"\#(arn)","RawMessageDelivery":"true"}"#
            _ = try await host.update(type, made.id, from: old, to: new)
            let found = try await host.call(
                "sns", "GetSubscriptionAttributes", #"{"SubscriptionArn":"\#(made.id)"}"#)["Attributes"]
            #expect(found?["RawMessageDelivery"]?.string == "true")
            try await host.type(type).delete(made.id, template(new), in: host.context())
            let left = try await host.type(type).read(made.id, template(new), in: host.context())
            #expect(left == nil)
        }
    }

    @Test("a table is scaled as the template says")
    func scaling() async throws {
        try await Self.with { host in
            _ = try await host.create(
                "AWS::DynamoDB::Table",
                #"""
                {"TableName":"songs","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],
                "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],
                "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}}
                """#)
            let target = #"""
                {"MinCapacity":5,"MaxCapacity":"50","ResourceId":"table/songs","ServiceNamespace":"dynamodb",
                "ScalableDimension":"dynamodb:table:ReadCapacityUnits"}
                """#
            let id = "table/songs|dynamodb:table:ReadCapacityUnits|dynamodb"
            try await host.survivesCrashes("AWS::ApplicationAutoScaling::ScalableTarget", target)
            let made = try await host.create("AWS::ApplicationAutoScaling::ScalableTarget", target)
            #expect(made.reference == id)
            let policy = #"""
                {"PolicyName":"p","PolicyType":"TargetTrackingScaling","ScalingTargetId":"\#(id)",
                "TargetTrackingScalingPolicyConfiguration":{"TargetValue":"70",
                "PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDBReadCapacityUtilization"}}}
                """#
            let type = "AWS::ApplicationAutoScaling::ScalingPolicy"
            let first = try await host.create(type, policy)
            let again = try await host.create(type, policy, in: host.context(isRetry: true))
            #expect(again == first && first.reference.hasPrefix("arn:aws:autoscaling:"))
            try await host.type(type).delete(first.id, template(policy), in: host.context())
            let left = try await host.type(type).read(first.id, template(policy), in: host.context())
            #expect(left == nil)
        }
    }
}
