import ServiceKit
import Synchronization

/// Works off the deliveries that are stored, many at a time, until every one was taken or given up.
final class DeliveryWorker: Sendable {
    /// Deliveries under way at one time.
    private static let capacity = 64
    /// At the latest so often the list is looked at, whoever rings.
    private static let interval = Duration.seconds(60)

    private let topics: TopicStore
    private let channels: Channels
    private let clock: any WallClock
    private let log: Log
    private let underWay = Mutex<Set<Int64>>([])

    init(topics: TopicStore, channels: Channels, clock: any WallClock, log: Log) {
        self.topics = topics
        self.channels = channels
        self.clock = clock
        self.log = log
    }

    func run() async throws {
        // A run that failed may have left some: they are not under way any more.
        underWay.withLock { $0.removeAll() }
        try await withThrowingDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for delivery in try await takeDue() {
                    group.addTask {
                        defer {
                            self.underWay.withLock { _ = $0.remove(delivery.id) }
                            self.topics.work.ring()
                        }
                        await self.work(on: delivery)
                    }
                }
                let now = clock.now
                let next = try await topics.read { try $0.nextDelivery(after: now) }
                let limit = now + DeliveryWorker.interval
                await topics.work.wait(until: min(next ?? limit, limit), on: clock)
            }
        }
    }

    private func takeDue() async throws -> [Delivery] {
        let busy = underWay.withLock { $0 }
        let now = clock.now
        guard busy.count < DeliveryWorker.capacity else { return [] }
        let due = try await topics.read {
            try $0.dueDeliveries(at: now, besides: busy, limit: DeliveryWorker.capacity - busy.count)
        }
        underWay.withLock { $0.formUnion(due.map(\.id)) }
        return due
    }

    /// It does not throw: a failed child would cancel the group, but not the loop in its body, which would go on
    /// giving deliveries to a group that does nothing.
    private func work(on delivery: Delivery) async {
        do {
            try await attempt(delivery)
        } catch {
            log.error("A delivery could not be recorded", ["delivery": "\(delivery.id)", "error": "\(error)"])
            // It is still stored, and tried again; without spinning on a broken disk.
            try? await clock.sleep(until: clock.now + .seconds(1))
        }
    }

    private func attempt(_ delivery: Delivery) async throws {
        do {
            try await channels.send(delivery)
            try await topics.write { try $0.finish(delivery) }
        } catch let failure as DeliveryFailure {
            try await settle(delivery, failure)
        }
    }

    /// Tries again later, or hands over to the dead-letter queue, or gives up and says so.
    private func settle(_ delivery: Delivery, _ failure: DeliveryFailure) async throws {
        let now = clock.now
        if case .temporary = failure, let delay = delivery.retries.delay(before: delivery.attempts + 1) {
            return try await topics.write { try $0.postpone(delivery, until: now + delay) }
        }
        if !delivery.isDead, delivery.subscription.attributes.deadLetterTarget != nil, delivery.messageRow != nil {
            return try await topics.write { try $0.declareDead(delivery, at: now) }
        }
        log.warning(
            "A notification was given up",
            [
                "subscription": delivery.subscription.arn, "endpoint": delivery.subscription.endpoint,
                "attempts": "\(delivery.attempts + 1)", "error": "\(failure)",
            ])
        try await topics.write { try $0.finish(delivery) }
    }
}
