import ServiceKit
import TestSupport
import Testing

@testable import SQS

@Suite("FIFO queues")
struct FIFOTests {
    private func withQueue(
        _ attributes: [String: String] = [:], _ body: (TestHost, String) async throws -> Void
    ) async throws {
        try await Queues.with { host in
            let all = attributes.merging(["FifoQueue": "true"]) { own, _ in own }
            try await body(host, try await host.createQueue("jobs.fifo", all))
        }
    }

    @Test("A group is delivered in order and locked until what was delivered is deleted")
    func groups() async throws {
        try await withQueue { host, queue in
            for (group, body) in [("a", "a1"), ("a", "a2"), ("b", "b1"), ("a", "a3")] {
                try await host.send(body, to: queue, group: group, id: body)
            }
            let first = try await host.receive(queue, limit: 2)
            #expect(first.map(\.body) == ["a1", "a2"])
            #expect(try await host.receive(queue).map(\.body) == ["b1"])
            try await host.delete(first[0], from: queue)
            #expect(try await host.receive(queue).isEmpty)
            try await host.delete(first[1], from: queue)
            let last = try await host.receive(queue)
            #expect(last.map(\.body) == ["a3"])
            let numbers = (first + last).compactMap { $0.attribute("SequenceNumber") }
            #expect(numbers == numbers.sorted() && numbers.allSatisfy { $0.utf8.count == 20 })
        }
    }

    @Test("After its visibility timeout a group starts again at its first message")
    func unlocking() async throws {
        try await withQueue { host, queue in
            for body in ["1", "2", "3"] { try await host.send(body, to: queue, group: "a", id: body) }
            let taken = try await host.receive(queue, limit: 2)
            host.clock.advance(by: .seconds(30))
            let expired = try await host.refusal("DeleteMessage") { json in
                json.member("QueueUrl", queue)
                json.member("ReceiptHandle", taken[0].handle)
            }
            #expect(
                expired == "InvalidParameterValue: Value \(taken[0].handle) for parameter ReceiptHandle is invalid. "
                    + "Reason: The receipt handle has expired.")
            #expect(try await host.receive(queue).map(\.body) == ["1", "2", "3"])
        }
    }

    @Test("A message sent again within five minutes is answered like the first and not delivered twice")
    func deduplication() async throws {
        try await withQueue { host, queue in
            let first = try await host.send("x", to: queue, group: "a", id: "same")
            let second = try await host.send("y", to: queue, group: "b", id: "same")
            #expect(try host.text(first, "MessageId") == host.text(second, "MessageId"))
            #expect(try host.text(first, "SequenceNumber") == host.text(second, "SequenceNumber"))
            let received = try await host.receive(queue)
            #expect(received.map(\.body) == ["x"])
            try await host.delete(received[0], from: queue)
            host.clock.advance(by: .seconds(299))
            try await host.send("z", to: queue, group: "a", id: "same")
            #expect(try await host.receive(queue).isEmpty)
            host.clock.advance(by: .seconds(1))
            try await host.send("z", to: queue, group: "a", id: "same")
            #expect(try await host.receive(queue).map(\.body) == ["z"])
        }
    }

    @Test("Content stands for the missing id, and the group for the queue, where the queue says so")
    func contentAndScope() async throws {
        let attributes = [
            "ContentBasedDeduplication": "true", "DeduplicationScope": "messageGroup",
            "FifoThroughputLimit": "perMessageGroupId",
        ]
        try await withQueue(attributes) { host, queue in
            for group in ["a", "a", "b"] { try await host.send("same", to: queue, group: group) }
            let received = try await host.receive(queue)
            #expect(received.map { $0.attribute("MessageGroupId") } == ["a", "b"])
            #expect(received[0].attribute("MessageDeduplicationId") == Hex.string(SHA256.hash("same")))
        }
    }

    @Test(
        "Group and deduplication id are required, a delay of its own is refused",
        arguments: [
            (
                #""MessageDeduplicationId":"x""#,
                "MissingParameter: The request must contain the parameter MessageGroupId."
            ),
            (
                #""MessageGroupId":"x""#,
                "InvalidParameterValue: The queue should either have ContentBasedDeduplication "
                    + "enabled or MessageDeduplicationId provided explicitly"
            ),
            (
                #""MessageGroupId":"x","MessageDeduplicationId":"x","DelaySeconds":2"#,
                "InvalidParameterValue: Value 2 for "
                    + "parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this "
                    + "queue type."
            ),
        ])
    func refusals(input: String, expected: String) async throws {
        try await withQueue { host, queue in
            let error = try await host.error(
                of: "sqs", "SendMessage", #"{"QueueUrl":"\#(queue)","MessageBody":"x",\#(input)}"#)
            #expect(error.map { "\($0.code): \($0.message)" } == expected)
        }
    }

    @Test("A repeated receive attempt gets the same messages under the same handles")
    func attempts() async throws {
        try await withQueue { host, queue in
            for body in ["1", "2"] { try await host.send(body, to: queue, group: "a", id: body) }
            let first = try await host.receive(queue, limit: 1, attempt: "try-1")
            host.clock.advance(by: .seconds(20))
            let second = try await host.receive(queue, limit: 1, attempt: "try-1")
            #expect(first.map(\.handle) == second.map(\.handle))
            // The repetition hid the message anew.
            host.clock.advance(by: .seconds(20))
            #expect(try await host.receive(queue).isEmpty)
            try await host.delete(second[0], from: queue)
            #expect(try await host.receive(queue, attempt: "try-1").map(\.body) == ["2"])
        }
    }
}
