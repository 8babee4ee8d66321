import ServiceKit
import TestSupport
import Testing

@testable import SQS

@Suite("Dead-letter queues")
struct DeadLetterTests {
    private func withQueues(
        fifo: Bool = false, _ body: (TestHost, _ source: String, _ target: String) async throws -> Void
    ) async throws {
        try await Queues.with { host in
            let suffix = fifo ? ".fifo" : ""
            let kind = fifo ? ["FifoQueue": "true"] : [:]
            let target = try await host.createQueue("dead\(suffix)", kind)
            let policy = #"{"deadLetterTargetArn":"\#(DeadLetterTests.arn("dead\(suffix)"))","maxReceiveCount":"2"}"#
            let source = try await host.createQueue(
                "orders\(suffix)", kind.merging(["RedrivePolicy": policy]) { own, _ in own })
            try await body(host, source, target)
        }
    }

    private static func arn(_ name: String) -> String { "arn:aws:sqs:us-east-1:000000000000:\(name)" }

    @Test(
        "A message received too often moves to the dead-letter queue, and says where it came from",
        arguments: [false, true])
    func redrive(fifo: Bool) async throws {
        try await withQueues(fifo: fifo) { host, source, target in
            let (group, id) = fifo ? ("a", "1") : (nil, nil)
            let sent = try await host.send("poison", to: source, group: group, id: id)
            for _ in 1...2 { #expect(try await host.receive(source, visibility: 0).count == 1) }
            #expect(try await host.receive(source).isEmpty)
            let dead = try #require(await host.receive(target).first)
            #expect(try dead.id == host.text(sent, "MessageId"))
            #expect(dead.attribute("ApproximateReceiveCount") == "3")
            #expect(dead.attribute("DeadLetterQueueSourceArn") == DeadLetterTests.arn(fifo ? "orders.fifo" : "orders"))
        }
    }

    @Test("A poisoned message does not hold back its group")
    func groups() async throws {
        try await withQueues(fifo: true) { host, source, _ in
            try await host.send("poison", to: source, group: "a", id: "1")
            try await host.send("good", to: source, group: "a", id: "2")
            for _ in 1...2 {
                #expect(try await host.receive(source, limit: 1, visibility: 0).map(\.body) == ["poison"])
            }
            #expect(try await host.receive(source, limit: 1).map(\.body) == ["good"])
        }
    }

    @Test("Sources are listed, and a target may refuse them")
    func allowPolicy() async throws {
        try await withQueues { host, source, target in
            let output = try await host.call("sqs", "ListDeadLetterSourceQueues", #"{"QueueUrl":"\#(target)"}"#)
            #expect(output["queueUrls"]?.elements.compactMap(\.string) == [source])
            try await host.createQueue("closed", ["RedriveAllowPolicy": #"{"redrivePermission":"denyAll"}"#])
            for (name, reason) in [
                (
                    "closed",
                    "Dead letter target does not allow the queue \(DeadLetterTests.arn("orders")) to use it as "
                        + "its dead-letter queue."
                ),
                ("absent", "Dead letter target does not exist."),
            ] {
                let policy = #"{"deadLetterTargetArn":"\#(DeadLetterTests.arn(name))","maxReceiveCount":1}"#
                let refusal = try await host.refusal("SetQueueAttributes") { json in
                    json.member("QueueUrl", source)
                    json.member("Attributes", ["RedrivePolicy": policy])
                }
                #expect(
                    refusal
                        == "InvalidParameterValue: Value \(policy) for parameter RedrivePolicy is invalid. Reason: \(reason)"
                )
            }
        }
    }

    @Test("A move task brings messages back as new ones, and is listed as completed")
    func moveTask() async throws {
        try await withQueues { host, source, target in
            for number in 1...25 { try await host.send("\(number)", to: source) }
            for _ in 1...3 {
                while try await !host.receive(source).isEmpty {}
                host.clock.advance(by: .seconds(30))
            }
            #expect(try await host.attributes(of: target)["ApproximateNumberOfMessages"] == "25")
            let start = #"{"SourceArn":"\#(DeadLetterTests.arn("dead"))"}"#
            try await host.call("sqs", "StartMessageMoveTask", start)
            #expect(
                try await host.error(of: "sqs", "StartMessageMoveTask", start)?.message
                    .hasPrefix("There is already a task running.") == true)
            host.host.startWorkers()
            try await host.until {
                try await host.attributes(of: source)["ApproximateNumberOfMessages"] == "25"
            }
            #expect(try await host.receive(source, limit: 1).first?.attribute("ApproximateReceiveCount") == "1")
            var task: JSONValue?
            try await host.until {
                let output = try await host.call("sqs", "ListMessageMoveTasks", start)
                task = output["Results"]?.elements.first { _ in true }
                return task?["Status"]?.string == "COMPLETED"
            }
            #expect(task?["ApproximateNumberOfMessagesMoved"]?.int64 == 25)
            #expect(task?["TaskHandle"] == nil)
        }
    }

    @Test("A move task can be cancelled while it runs, and starts from dead-letter queues only")
    func cancelMoveTask() async throws {
        try await withQueues { host, _, _ in
            let start = #"{"SourceArn":"\#(DeadLetterTests.arn("dead"))","MaxNumberOfMessagesPerSecond":1}"#
            let handle = try host.text(await host.call("sqs", "StartMessageMoveTask", start), "TaskHandle")
            let output = try await host.call("sqs", "CancelMessageMoveTask", #"{"TaskHandle":"\#(handle)"}"#)
            #expect(output["ApproximateNumberOfMessagesMoved"]?.int64 == 0)
            let wrong = #"{"SourceArn":"\#(DeadLetterTests.arn("orders"))"}"#
            #expect(
                try await host.error(of: "sqs", "StartMessageMoveTask", wrong)?.message
                    == "Source queue must be configured as a Dead Letter Queue.")
        }
    }
}
