import ServiceKit

/// Tries images again that could not be read or written, when their time has come.
struct RetryWorker: Sendable {
    private static let batch = 50
    /// Without one in sight.
    private static let pause = Duration.seconds(3600)

    let deriver: Deriver
    let database: Database
    let clock: any WallClock
    private let bell = Doorbell()

    init(deriver: Deriver, database: Database, clock: any WallClock) {
        (self.deriver, self.database, self.clock) = (deriver, database, clock)
        database.observe(Transaction.waitingTopic) { [bell] in bell.ring() }
    }

    func run() async throws {
        while !Task.isCancelled {
            try await retry()
            let next = try await database.read { try $0.timeOfNextWaitingImage() }
            await bell.wait(until: next ?? clock.now + Self.pause, on: clock)
        }
    }

    /// Tries what is due, each one time.
    func retry() async throws {
        let now = clock.now
        while !Task.isCancelled {
            let due = try await database.read { try $0.waitingImages(dueBy: now, limit: Self.batch) }
            for image in due { _ = try await deriver.derive(image.change) }
            if due.count < Self.batch { return }
        }
    }
}
