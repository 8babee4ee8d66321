import ServiceKit
import TestSupport
import Testing

@testable import SQS

@Suite("Queues")
struct QueueTests {
    @Test("A queue is created once, and found again by the same attributes only")
    func create() async throws {
        try await Queues.with { host in
            let url = try await host.createQueue("orders", ["DelaySeconds": "5"])
            #expect(url == "http://localhost:4566/000000000000/orders")
            #expect(try await host.createQueue("orders", ["DelaySeconds": "5"]) == url)
            #expect(try await host.createQueue("orders") == url)
            let refusal = try await host.refusal("CreateQueue") { json in
                json.member("QueueName", "orders")
                json.member("Attributes", ["DelaySeconds": "6"])
            }
            #expect(
                refusal == "QueueNameExists: A queue already exists with the same name and a different value for "
                    + "attribute DelaySeconds")
        }
    }

    @Test(
        "Names and attributes that AWS refuses are refused in its words",
        arguments: [
            (
                ["QueueName": "a b"], [:],
                "InvalidParameterValue: Can only include alphanumeric characters, hyphens, or "
                    + "underscores. 1 to 80 in length"
            ),
            (
                ["QueueName": "a.fifo"], [:],
                "InvalidParameterValue: Can only include alphanumeric characters, hyphens, or "
                    + "underscores. 1 to 80 in length"
            ),
            (
                ["QueueName": "a"], ["FifoQueue": "true"],
                "InvalidParameterValue: The name of a FIFO queue can only include "
                    + "alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length"
            ),
            (
                ["QueueName": "a"], ["ContentBasedDeduplication": "true"],
                "InvalidAttributeName: Unknown Attribute ContentBasedDeduplication."
            ),
            (
                ["QueueName": "a"], ["DeduplicationScope": "queue"],
                "InvalidAttributeName: You can specify the DeduplicationScope only when FifoQueue is set to true."
            ),
            (
                ["QueueName": "a"], ["VisibilityTimeout": "43201"],
                "InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout."
            ),
            (
                ["QueueName": "a"], ["MaximumMessageSize": "1048577"],
                "InvalidAttributeValue: Invalid value for the parameter MaximumMessageSize."
            ),
            (
                ["QueueName": "a"], ["RedrivePolicy": "x"],
                "InvalidParameterValue: Value x for parameter RedrivePolicy is invalid. Reason: Redrive policy is not a "
                    + "valid JSON map."
            ),
        ])
    func refusals(input: [String: String], attributes: [String: String], expected: String) async throws {
        try await Queues.with { host in
            let refusal = try await host.refusal("CreateQueue") { json in
                json.member("QueueName", input["QueueName"])
                json.member("Attributes", attributes)
            }
            #expect(refusal == expected)
        }
    }

    @Test("All attributes are told, with their defaults")
    func attributes() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("jobs.fifo", ["FifoQueue": "true"])
            #expect(
                try await host.attributes(of: queue) == [
                    "QueueArn": "arn:aws:sqs:us-east-1:000000000000:jobs.fifo",
                    "ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "0",
                    "ApproximateNumberOfMessagesDelayed": "0", "CreatedTimestamp": "1700000000",
                    "LastModifiedTimestamp": "1700000000", "VisibilityTimeout": "30", "MaximumMessageSize": "1048576",
                    "MessageRetentionPeriod": "345600", "DelaySeconds": "0", "ReceiveMessageWaitTimeSeconds": "0",
                    "SqsManagedSseEnabled": "true", "FifoQueue": "true", "ContentBasedDeduplication": "false",
                    "DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue",
                ])
        }
    }

    @Test("Changed attributes count for the next message")
    func setAttributes() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            try await host.send("before", to: queue)
            try await host.call(
                "sqs", "SetQueueAttributes",
                host.text { json in
                    json.member("QueueUrl", queue)
                    json.member("Attributes", ["DelaySeconds": "10"])
                })
            try await host.send("after", to: queue)
            #expect(try await host.receive(queue).map(\.body) == ["before"])
            #expect(try await host.attributes(of: queue)["ApproximateNumberOfMessagesDelayed"] == "1")
        }
    }

    @Test("Any host will do in a queue's URL, but not any path")
    func urls() async throws {
        try await Queues.with { host in
            try await host.createQueue("orders")
            for url in [
                "https://sqs.eu-west-1.amazonaws.com/000000000000/orders", "http://[::1]/x/000000000000/orders",
            ] {
                try await host.send("hello", to: url)
            }
            let refusal = try await host.refusal("SendMessage") { json in
                json.member("QueueUrl", "http://localhost:4566/orders")
                json.member("MessageBody", "x")
            }
            #expect(
                refusal == "InvalidAddress: The address http://localhost:4566/orders is not valid for this endpoint.")
        }
    }

    @Test("A deleted queue is gone with its messages, and its name rests for a minute")
    func delete() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            try await host.send("old", to: queue)
            try await host.call("sqs", "DeleteQueue", #"{"QueueUrl":"\#(queue)"}"#)
            let absent = try await host.refusal("GetQueueUrl") { $0.member("QueueName", "orders") }
            #expect(absent == "QueueDoesNotExist: The specified queue does not exist.")
            let early = try await host.refusal("CreateQueue") { $0.member("QueueName", "orders") }
            #expect(early?.hasPrefix("QueueDeletedRecently") == true)
            host.clock.advance(by: .seconds(60))
            #expect(try await host.receive(host.createQueue("orders")).isEmpty)
        }
    }

    @Test("Queues are listed by prefix, in pages")
    func list() async throws {
        try await Queues.with { host in
            for name in ["b-1", "a-2", "a-1", "a-3"] { try await host.createQueue(name) }
            let first = try await host.call("sqs", "ListQueues", #"{"QueueNamePrefix":"a-","MaxResults":2}"#)
            #expect(
                first["QueueUrls"]?.elements.compactMap(\.string) == [
                    "http://localhost:4566/000000000000/a-1", "http://localhost:4566/000000000000/a-2",
                ])
            let token = try host.text(first, "NextToken")
            let second = try await host.call(
                "sqs", "ListQueues", #"{"QueueNamePrefix":"a-","MaxResults":2,"NextToken":"\#(token)"}"#)
            #expect(second["QueueUrls"]?.elements.compactMap(\.string) == ["http://localhost:4566/000000000000/a-3"])
            #expect(second["NextToken"] == nil)
            let forged = try await host.refusal("ListQueues") { $0.member("NextToken", "abcd") }
            #expect(forged == "InvalidParameterValue: Invalid or expired next token.")
        }
    }

    @Test("A purge takes everything, and the next one waits a minute")
    func purge() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            for number in 1...12 { try await host.send("\(number)", to: queue) }
            _ = try await host.receive(queue, limit: 3)
            try await host.call("sqs", "PurgeQueue", #"{"QueueUrl":"\#(queue)"}"#)
            let attributes = try await host.attributes(of: queue)
            #expect(attributes["ApproximateNumberOfMessages"] == "0")
            #expect(attributes["ApproximateNumberOfMessagesNotVisible"] == "0")
            let refusal = try await host.error(of: "sqs", "PurgeQueue", #"{"QueueUrl":"\#(queue)"}"#)
            #expect(refusal?.code == "PurgeQueueInProgress")
            #expect(refusal?.status == 403)
        }
    }

    @Test("Tags are added, replaced, listed and removed")
    func tags() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            try await host.call("sqs", "TagQueue", #"{"QueueUrl":"\#(queue)","Tags":{"team":"a","stage":"dev"}}"#)
            try await host.call("sqs", "TagQueue", #"{"QueueUrl":"\#(queue)","Tags":{"team":"b"}}"#)
            try await host.call("sqs", "UntagQueue", #"{"QueueUrl":"\#(queue)","TagKeys":["stage"]}"#)
            let output = try await host.call("sqs", "ListQueueTags", #"{"QueueUrl":"\#(queue)"}"#)
            #expect(try [String: String](json: #require(output["Tags"])) == ["team": "b"])
        }
    }

    @Test("Permissions become statements of the queue's policy, by label")
    func permissions() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            let grant =
                #"{"QueueUrl":"\#(queue)","Label":"ann","AWSAccountIds":["111122223333"],"Actions":["SendMessage"]}"#
            try await host.call("sqs", "AddPermission", grant)
            #expect(
                try await host.attributes(of: queue)["Policy"] == """
                    {"Version":"2008-10-17","Id":"arn:aws:sqs:us-east-1:000000000000:orders/SQSDefaultPolicy","Statement":[\
                    {"Sid":"ann","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},\
                    "Action":"SQS:SendMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:orders"}]}
                    """)
            #expect(
                try await host.error(of: "sqs", "AddPermission", grant)?.message
                    == "Value ann for parameter Label is invalid. Reason: Already exists.")
            let removal = #"{"QueueUrl":"\#(queue)","Label":"ann"}"#
            try await host.call("sqs", "RemovePermission", removal)
            #expect(try await host.attributes(of: queue)["Policy"] == nil)
            #expect(
                try await host.error(of: "sqs", "RemovePermission", removal)?.message
                    == "Value ann for parameter Label is invalid. Reason: can't find label.")
        }
    }

    @Test("Every operation asks for permission on the queue it touches, batches for the single action")
    func authorization() async throws {
        let authorizer = RecordingAuthorizer()
        try await TestHost.with("messages", authorizer: authorizer, { [try SQS.service(on: $0)] }) { host in
            let queue = try await host.createQueue("orders", ["Policy": #"{"Version":"2012-10-17","Statement":[]}"#])
            _ = try? await host.call("sqs", "SendMessageBatch", #"{"QueueUrl":"\#(queue)","Entries":[]}"#)
        }
        #expect(
            authorizer.seen == [
                "sqs:CreateQueue on arn:aws:sqs:us-east-1:000000000000:orders",
                "sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:orders with policy",
            ])
    }
}
