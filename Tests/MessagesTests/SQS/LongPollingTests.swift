import ServiceKit
import TestSupport
import Testing

@testable import SQS

@Suite("Long polling")
struct LongPollingTests {
    @Test("A receiver that waits gets a message as soon as it is sent")
    func wakeUp() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            async let received = host.receive(queue, wait: 20)
            // The receiver is asleep: it has looked, and its timer runs.
            try await host.until { host.clock.sleeperCount == 1 }
            try await host.send("hello", to: queue)
            #expect(try await received.map(\.body) == ["hello"])
        }
    }

    @Test("A receiver that waits is woken when a hidden message becomes visible")
    func visibility() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders", ["ReceiveMessageWaitTimeSeconds": "20"])
            try await host.call(
                "sqs", "SendMessage", #"{"QueueUrl":"\#(queue)","MessageBody":"later","DelaySeconds":5}"#)
            async let received = host.receive(queue)
            try await host.until { host.clock.sleeperCount == 1 }
            host.clock.advance(by: .seconds(5))
            #expect(try await received.map(\.body) == ["later"])
        }
    }

    @Test("Without a message the wait ends when it is over")
    func expiry() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            async let received = host.receive(queue, wait: 3)
            try await host.until { host.clock.sleeperCount == 1 }
            host.clock.advance(by: .seconds(3))
            #expect(try await received.isEmpty)
        }
    }

    @Test("One message wakes one receiver, and every receiver gets one in the end")
    func fairness() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("orders")
            let bodies = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 1...5 {
                    group.addTask { try await host.receive(queue, limit: 1, wait: 20).map(\.body) }
                }
                try await host.until { host.clock.sleeperCount == 5 }
                for number in 1...5 { try await host.send("\(number)", to: queue) }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(bodies.sorted() == ["1", "2", "3", "4", "5"])
        }
    }

    @Test("A receiver that gives up after it was rung passes the ring on")
    func cancellation() async throws {
        let bell = QueueBell()
        let clock = ManualClock()
        let mark = bell.mark(of: 1)
        let first = Task { try await bell.wait(for: 1, after: mark, until: clock.now + .seconds(20), on: clock) }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        // The ring counts as one after the mark: a receiver that comes now looks again at once.
        try await bell.wait(for: 1, after: mark, until: clock.now + .seconds(20), on: clock)
    }

    @Test("Deleting the first message of a FIFO group wakes the receiver of the next")
    func group() async throws {
        try await Queues.with { host in
            let queue = try await host.createQueue("jobs.fifo", ["FifoQueue": "true"])
            for body in ["1", "2"] { try await host.send(body, to: queue, group: "a", id: body) }
            let first = try await host.receive(queue, limit: 1)
            async let second = host.receive(queue, wait: 20)
            try await host.until { host.clock.sleeperCount == 1 }
            try await host.delete(first[0], from: queue)
            #expect(try await second.map(\.body) == ["2"])
        }
    }
}
