import ServiceKit
import TestSupport
import Testing

@testable import SQS

@Suite("Messages in standard queues")
struct MessageTests {
    @Test("A message is delivered with its digests and attributes, hidden, and gone once deleted")
    func roundTrip() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            let sent = try await host.call(
                "sqs", "SendMessage",
                """
                {"QueueUrl":"\(queue)","MessageBody":"hello","MessageAttributes":{"timestamp":\
                {"DataType":"Number.java.lang.Long","StringValue":"1493147359900"}}}
                """)
            #expect(try host.text(sent, "MD5OfMessageBody") == "5d41402abc4b2a76b9719d911017c592")
            #expect(try host.text(sent, "MD5OfMessageAttributes") == "2e2e4876d8e0bd6b8c2c8f556831c349")

            let message = try #require(await host.receive(queue).first)
            #expect(message.body == "hello")
            #expect(try message.id == host.text(sent, "MessageId"))
            #expect(message.json["MD5OfBody"]?.string == "5d41402abc4b2a76b9719d911017c592")
            #expect(message.json["MD5OfMessageAttributes"]?.string == "2e2e4876d8e0bd6b8c2c8f556831c349")
            #expect(message.json["MessageAttributes"]?["timestamp"]?["StringValue"]?.string == "1493147359900")
            #expect(message.attribute("SenderId") == "000000000000")
            #expect(message.attribute("SentTimestamp") == "1700000000000")
            #expect(message.attribute("ApproximateReceiveCount") == "1")
            #expect(try await host.receive(queue).isEmpty)
            try await host.delete(message, from: queue)
            host.clock.advance(by: .seconds(31))
            #expect(try await host.receive(queue).isEmpty)
        }
    }

    @Test("A message that was not deleted comes back after its visibility timeout, under a new handle")
    func visibility() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders", ["VisibilityTimeout": "10"])
            try await host.send("hello", to: queue)
            let first = try #require(await host.receive(queue).first)
            try await host.setVisibility(of: first, in: queue, to: 60)
            host.clock.advance(by: .seconds(59))
            #expect(try await host.receive(queue).isEmpty)
            host.clock.advance(by: .seconds(1))
            let second = try #require(await host.receive(queue).first)
            #expect(second.attribute("ApproximateReceiveCount") == "2")
            #expect(second.handle != first.handle)
            // The old handle neither deletes nor hides.
            try await host.delete(first, from: queue)
            try await host.setVisibility(of: second, in: queue, to: 0)
            let third = try #require(await host.receive(queue).first)
            let refusal = try await host.refusal("ChangeMessageVisibility") { json in
                json.member("QueueUrl", queue)
                json.member("ReceiptHandle", second.handle)
                json.member("VisibilityTimeout", 5)
            }
            #expect(
                refusal == "InvalidParameterValue: Value \(second.handle) for parameter ReceiptHandle is invalid. "
                    + "Reason: Message does not exist or is not available for visibility timeout change.")
            try await host.delete(third, from: queue)
            #expect(try await host.attributes(of: queue)["ApproximateNumberOfMessagesNotVisible"] == "0")
        }
    }

    @Test("A delayed message appears when its delay is over")
    func delay() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            try await host.call(
                "sqs", "SendMessage", #"{"QueueUrl":"\#(queue)","MessageBody":"later","DelaySeconds":20}"#)
            #expect(try await host.receive(queue).isEmpty)
            host.clock.advance(by: .seconds(20))
            #expect(try await host.receive(queue).map(\.body) == ["later"])
        }
    }

    @Test("Messages past their retention are neither delivered nor kept")
    func retention() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders", ["MessageRetentionPeriod": "60"])
            try await host.send("old", to: queue)
            host.clock.advance(by: .seconds(59))
            try await host.send("new", to: queue)
            host.clock.advance(by: .seconds(1))
            #expect(try await host.receive(queue, visibility: 0).map(\.body) == ["new"])
            host.clock.advance(by: .seconds(60))
            host.host.startWorkers()
            try await host.until {
                try await host.attributes(of: queue)["ApproximateNumberOfMessages"] == "0"
            }
        }
    }

    @Test("Messages of another queue's handle, and of no queue, are refused")
    func handles() async throws {
        try await Queues.with { host in
            let orders = try await host.createQueue("orders")
            let bills = try await host.createQueue("bills")
            try await host.send("hello", to: orders)
            let handle = try #require(await host.receive(orders).first).handle
            for wrong in [handle, "garbage"] {
                let error = try await host.error(
                    of: "sqs", "DeleteMessage",
                    host.text { json in
                        json.member("QueueUrl", bills)
                        json.member("ReceiptHandle", wrong)
                    })
                #expect(error?.code == "ReceiptHandleIsInvalid")
                #expect(error?.message == "The input receipt handle \"\(wrong)\" is not a valid receipt handle.")
            }
        }
    }

    @Test(
        "What a queue does not take is refused in AWS's words",
        arguments: [
            (#""MessageBody":"""#, "MissingParameter: The request must contain the parameter MessageBody."),
            (
                #""MessageBody":"\u0001""#,
                ServiceError.invalidMessageContents.code + ": "
                    + ServiceError.invalidMessageContents.message
            ),
            (
                #""MessageBody":"x","DelaySeconds":901"#,
                "InvalidParameterValue: Value 901 for parameter DelaySeconds is "
                    + "invalid. Reason: DelaySeconds must be >= 0 and <= 900."
            ),
            (
                #""MessageBody":"x","MessageGroupId":"a b""#,
                "InvalidParameterValue: Value a b for parameter MessageGroupId "
                    + "is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 "
                    + "in length."
            ),
            (
                #""MessageBody":"x","MessageAttributes":{"a":{"DataType":"String","StringValue":""}}"#,
                "InvalidParameterValue: Message (user) attribute 'a' must contain a non-empty value of type 'String'."
            ),
            (
                #""MessageBody":"x","MessageAttributes":{"AWS.a":{"DataType":"String","StringValue":"x"}}"#,
                "InvalidParameterValue: You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These "
                    + "strings are reserved for internal use. Additionally, they cannot start or end with '.'."
            ),
        ])
    func refusals(input: String, expected: String) async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            let error = try await host.error(of: "sqs", "SendMessage", #"{"QueueUrl":"\#(queue)",\#(input)}"#)
            #expect(error.map { "\($0.code): \($0.message)" } == expected)
        }
    }

    @Test("Body and attributes together may be as long as the queue allows, and no longer")
    func size() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders", ["MaximumMessageSize": "1024"])
            // 5 bytes of attribute name, 6 of type, 13 of value.
            let attribute = #""MessageAttributes":{"title":{"DataType":"String","StringValue":"thirteen long"}}"#
            let fits =
                #"{"QueueUrl":"\#(queue)","MessageBody":"\#(String(repeating: "x", count: 1000))",\#(attribute)}"#
            try await host.call("sqs", "SendMessage", fits)
            let tooLong =
                #"{"QueueUrl":"\#(queue)","MessageBody":"\#(String(repeating: "x", count: 1001))",\#(attribute)}"#
            #expect(
                try await host.error(of: "sqs", "SendMessage", tooLong)?.message
                    == "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.")
        }
    }

    @Test("In a batch each entry stands for itself, and a batch that breaks the rules is refused whole")
    func batches() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            let output = try await host.call(
                "sqs", "SendMessageBatch",
                """
                {"QueueUrl":"\(queue)","Entries":[{"Id":"a","MessageBody":"one"},\
                {"Id":"b","MessageBody":"\\u0000"},{"Id":"c","MessageBody":"three"}]}
                """)
            #expect(output["Successful"]?.elements.compactMap { $0["Id"]?.string } == ["a", "c"])
            let failure = try #require(output["Failed"]?.elements.first { _ in true })
            #expect(failure["Id"]?.string == "b")
            #expect(failure["Code"]?.string == "InvalidMessageContents")
            #expect(failure["SenderFault"]?.bool == true)
            let received = try await host.receive(queue)
            #expect(Set(received.map(\.body)) == ["one", "three"])
            let deleted = try await host.call(
                "sqs", "DeleteMessageBatch",
                host.text { json in
                    json.member("QueueUrl", queue)
                    json.member(
                        "Entries",
                        received.map { ["Id": $0.body, "ReceiptHandle": $0.handle] }
                            + [["Id": "x", "ReceiptHandle": "garbage"]])
                })
            #expect(deleted["Successful"]?.elements.compactMap { $0["Id"]?.string }.count == 2)
            #expect(deleted["Failed"]?.elements.first { _ in true }?["Code"]?.string == "ReceiptHandleIsInvalid")

            let entry = #"{"Id":"a","MessageBody":"x"}"#
            for (entries, code) in [
                ("", "EmptyBatchRequest"), ("\(entry),\(entry)", "BatchEntryIdsNotDistinct"),
                (#"{"Id":"a b","MessageBody":"x"}"#, "InvalidBatchEntryId"),
                (Array(repeating: entry, count: 11).joined(separator: ","), "TooManyEntriesInBatchRequest"),
            ] {
                let input = #"{"QueueUrl":"\#(queue)","Entries":[\#(entries)]}"#
                #expect(try await host.error(of: "sqs", "SendMessageBatch", input)?.code == code)
            }
        }
    }

    @Test("Everything is still there after the process ends and starts again")
    func durability() async throws {
        try await TemporaryFolder.with { folder in
            let queue = try await TestHost.with("messages", folder: folder, { [try SQS.service(on: $0)] }) { host in
                let queue = try await host.createQueue("orders")
                try await host.send("hello", to: queue)
                return queue
            }
            try await TestHost.with("messages", folder: folder, { [try SQS.service(on: $0)] }) { host in
                let received = try await host.receive(queue)
                #expect(received.map(\.body) == ["hello"])
            }
        }
    }

    @Test("The digest of attributes covers names, types and values of every kind")
    func attributeDigest() throws {
        let document = try JSONDocument(
            Array(
                """
                {"id":{"DataType":"String","StringValue":"2018fc74-4f77-1a5a-1be0-c2d037d5052b"},\
                "count":{"DataType":"Number.int","StringValue":"42"},\
                "blob":{"DataType":"Binary.png","BinaryValue":"AQL/"}}
                """.utf8))
        let attributes = try MessageAttributes(json: document.root)
        #expect(attributes.md5 == "ab81dbcadc2c4ec1f5449b015407dd30")
        #expect(attributes.selected(by: ["i*", "co.*", "count"]).values.keys.sorted() == ["count"])
    }
}
