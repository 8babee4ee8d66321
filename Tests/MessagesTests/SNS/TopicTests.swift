import ServiceKit
import TestSupport
import Testing

@testable import SNS

@Suite("Topics and subscriptions")
struct TopicTests {
    @Test(
        "A subscription to an address inside is refused, in whatever form it is written",
        arguments: [
            "http://169.254.169.254/latest", "https://10.0.0.1", "http://[fd00::1]:80/", "http://192.168.0.1:8080/x",
        ])
    func internalEndpoint(endpoint: String) async throws {
        try await Topics.with { host in
            let topic = try await host.createTopic("news")
            let transport = endpoint.hasPrefix("https") ? "https" : "http"
            let refusal = try await host.snsRefusal(
                "Subscribe", #"{"TopicArn":"\#(topic)","Protocol":"\#(transport)","Endpoint":"\#(endpoint)"}"#)
            #expect(
                refusal
                    == "InvalidParameterException: Invalid parameter: Not authorized to subscribe internal endpoints")
        }
    }

    @Test("A topic is created once, found again, described, listed and deleted")
    func lifecycle() async throws {
        try await Topics.with(working: false) { host in
            let topic = try await host.createTopic("news", ["DisplayName": "News"])
            #expect(topic == "arn:aws:sns:us-east-1:000000000000:news")
            #expect(try await host.createTopic("news") == topic)
            #expect(
                try await host.snsRefusal("CreateTopic", #"{"Name":"news","Attributes":{"DisplayName":"x"}}"#)
                    == "InvalidParameterException: Invalid parameter: Attributes Reason: Topic already exists with different "
                    + "attributes")
            let output = try await host.call("sns", "GetTopicAttributes", #"{"TopicArn":"\#(topic)"}"#)
            let attributes = try [String: String](json: #require(output["Attributes"]))
            #expect(attributes["DisplayName"] == "News")
            #expect(attributes["Owner"] == "000000000000")
            #expect(attributes["SubscriptionsConfirmed"] == "0")
            #expect(attributes["Policy"]?.contains("__default_policy_ID") == true)
            let list = try await host.call("sns", "ListTopics")
            #expect(list["Topics"]?.elements.compactMap { $0["TopicArn"]?.string } == [topic])
            for _ in 1...2 { try await host.call("sns", "DeleteTopic", #"{"TopicArn":"\#(topic)"}"#) }
            #expect(
                try await host.snsRefusal("GetTopicAttributes", #"{"TopicArn":"\#(topic)"}"#)
                    == "NotFoundException: Topic does not exist")
        }
    }

    @Test(
        "What SNS does not take is refused in AWS's words",
        arguments: [
            ("CreateTopic", #"{"Name":"a b"}"#, "Topic Name"),
            ("CreateTopic", #"{"Name":"a.fifo"}"#, "Topic Name"),
            (
                "CreateTopic", #"{"Name":"a","Tags":[{"Key":"k","Value":"1"},{"Key":"k","Value":"2"}]}"#,
                "Duplicated keys are not allowed."
            ),
            (
                "Publish", #"{"TopicArn":"news","Message":"x"}"#,
                "TopicArn Reason: An ARN must have at least 6 elements, not 1"
            ),
            ("Publish", #"{"TopicArn":"arn:aws:sns:us-east-1:000000000000:news","Message":""}"#, "Empty message"),
            (
                "Publish", #"{"TopicArn":"arn:aws:sns:us-east-1:000000000000:news","Message":"x","Subject":""}"#,
                "Subject"
            ),
            (
                "Publish",
                #"{"TopicArn":"arn:aws:sns:us-east-1:000000000000:news","Message":"x","MessageStructure":"json"}"#,
                "Message Structure - JSON message body failed to parse"
            ),
            (
                "Publish",
                #"{"TopicArn":"arn:aws:sns:us-east-1:000000000000:news","Message":"{}","MessageStructure":"json"}"#,
                "Message Structure - No default entry in JSON message body"
            ),
            (
                "Publish", #"{"TopicArn":"arn:aws:sns:us-east-1:000000000000:jobs.fifo","Message":"x"}"#,
                "The MessageGroupId parameter is required for FIFO topics"
            ),
            ("Publish", #"{"TopicArn":"arn:aws:sns:eu-west-1:000000000000:news","Message":"x"}"#, "TopicArn"),
            (
                "Subscribe",
                #"{"TopicArn":"arn:aws:sns:us-east-1:000000000000:news","Protocol":"pigeon","Endpoint":"x"}"#,
                "Amazon SNS does not support this protocol string: pigeon"
            ),
            (
                "Subscribe",
                #"{"TopicArn":"arn:aws:sns:us-east-1:000000000000:news","Protocol":"sqs","Endpoint":"http://q"}"#,
                "SQS endpoint ARN"
            ),
            (
                "Subscribe",
                """
                {"TopicArn":"arn:aws:sns:us-east-1:000000000000:news","Protocol":"http","Endpoint":"http://a",\
                "Attributes":{"RawMessageDelivery":"wrong"}}
                """, "Attributes Reason: RawMessageDelivery: Invalid value [wrong]. Must be true or false."
            ),
            ("Unsubscribe", #"{"SubscriptionArn":"arn:aws:sns:us-east-1:000000000000:news"}"#, "SubscriptionId"),
            (
                "ConfirmSubscription", #"{"TopicArn":"arn:aws:sns:us-east-1:000000000000:news","Token":"short"}"#,
                "Token"
            ),
        ])
    func refusals(operation: String, input: String, expected: String) async throws {
        try await Topics.with(working: false) { host in
            try await host.createTopic("news")
            try await host.createTopic("jobs.fifo", ["FifoTopic": "true"])
            #expect(
                try await host.snsRefusal(operation, input)
                    == "InvalidParameterException: Invalid parameter: \(expected)")
        }
    }

    @Test("A subscription is made once, described, changed, listed and ended")
    func subscriptions() async throws {
        try await Topics.with(working: false) { host in
            let topic = try await host.createTopic("news")
            let arn = try await host.subscribe(queueARN("inbox"), "sqs", to: topic)
            #expect(try await host.subscribe(queueARN("inbox"), "sqs", to: topic) == arn)
            try await host.call(
                "sns", "SetSubscriptionAttributes",
                """
                {"SubscriptionArn":"\(arn)","AttributeName":"FilterPolicy","AttributeValue":"{\\"a\\":[\\"b\\"]}"}
                """)
            let output = try await host.call("sns", "GetSubscriptionAttributes", #"{"SubscriptionArn":"\#(arn)"}"#)
            #expect(
                try [String: String](json: #require(output["Attributes"])) == [
                    "SubscriptionArn": arn, "TopicArn": topic, "Owner": "000000000000", "Protocol": "sqs",
                    "Endpoint": queueARN("inbox"), "SubscriptionPrincipal": "arn:aws:iam::000000000000:root",
                    "PendingConfirmation": "false", "ConfirmationWasAuthenticated": "true",
                    "RawMessageDelivery": "false",
                    "FilterPolicy": #"{"a":["b"]}"#, "FilterPolicyScope": "MessageAttributes",
                ])
            for (operation, input) in [
                ("ListSubscriptions", "{}"), ("ListSubscriptionsByTopic", #"{"TopicArn":"\#(topic)"}"#),
            ] {
                let list = try await host.call("sns", operation, input)
                #expect(list["Subscriptions"]?.elements.compactMap { $0["SubscriptionArn"]?.string } == [arn])
            }
            try await host.call("sns", "Unsubscribe", #"{"SubscriptionArn":"\#(arn)"}"#)
            #expect(
                try await host.snsRefusal("GetSubscriptionAttributes", #"{"SubscriptionArn":"\#(arn)"}"#)
                    == "NotFoundException: Subscription does not exist")
        }
    }

    @Test("Tags are added, listed and removed, permissions become statements of the policy")
    func tagsAndPermissions() async throws {
        try await Topics.with(working: false) { host in
            let topic = try await host.createTopic("news")
            try await host.call(
                "sns", "TagResource",
                #"{"ResourceArn":"\#(topic)","Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]}"#)
            try await host.call("sns", "UntagResource", #"{"ResourceArn":"\#(topic)","TagKeys":["a"]}"#)
            let tags = try await host.call("sns", "ListTagsForResource", #"{"ResourceArn":"\#(topic)"}"#)
            #expect(tags["Tags"]?.elements.compactMap { $0["Key"]?.string } == ["b"])

            let grant =
                #"{"TopicArn":"\#(topic)","Label":"l","AWSAccountId":["111122223333"],"ActionName":["Publish"]}"#
            try await host.call("sns", "AddPermission", grant)
            #expect(
                try await host.snsRefusal("AddPermission", grant)
                    == "InvalidParameterException: Invalid parameter: Statement already exists")
            let output = try await host.call("sns", "GetTopicAttributes", #"{"TopicArn":"\#(topic)"}"#)
            let policy = try #require(output["Attributes"]?["Policy"]?.string)
            #expect(policy.contains(#""Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"SNS:Publish""#))
        }
    }
}
