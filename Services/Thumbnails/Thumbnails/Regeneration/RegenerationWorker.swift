import ServiceKit

/// Goes through the buckets whose images are to be derived anew, one after another, object by object.
///
/// Where it stands is stored after each object, so a crash repeats one at most, which changes nothing.
struct RegenerationWorker: Sendable {
    private static let page = 200
    /// Without one in sight.
    private static let pause = Duration.seconds(3600)

    let deriver: Deriver
    let objects: Objects
    let database: Database
    let clock: any WallClock
    let log: Log
    private let bell = Doorbell()

    init(deriver: Deriver, objects: Objects, database: Database, clock: any WallClock, log: Log) {
        (self.deriver, self.objects, self.database, self.clock) = (deriver, objects, database, clock)
        self.log = log
        database.observe(Transaction.regenerationTopic) { [bell] in bell.ring() }
    }

    func run() async throws {
        while !Task.isCancelled {
            guard let next = try await database.read({ try $0.nextRegeneration() }) else {
                await bell.wait(until: clock.now + Self.pause, on: clock)
                continue
            }
            do {
                try await advance(next)
            } catch {
                // Half a call when the host stops is no failure.
                if !Task.isCancelled { throw error }
            }
        }
    }

    /// One page of objects, or their count before the first.
    private func advance(_ one: Regeneration) async throws {
        do {
            guard one.total != nil else { return try await count(one) }
            let keys = try await objects.keys(in: one, after: one.position, limit: Self.page)
            for key in keys {
                guard try await derive(key, one), !Task.isCancelled else { return }
            }
            if keys.isEmpty { try await end(one, .completed) }
        } catch let error as ServiceError where error.status < 500 {
            try await end(one, .failed, reason: error.message)
        }
    }

    private func count(_ one: Regeneration) async throws {
        var (total, position) = (0, "")
        while true {
            let keys = try await objects.keys(in: one, after: position, limit: 1000)
            guard let last = keys.last else { break }
            (total, position) = (total + keys.count, last)
        }
        let counted = total
        _ = try await database.write { transaction in try transaction.advance(one) { $0.total = counted } }
    }

    /// Whether it goes on.
    private func derive(_ key: String, _ one: Regeneration) async throws -> Bool {
        let change = ObjectChange(
            bucket: one.bucket, account: one.account, region: one.region, key: key, target: one.target)
        let outcome = try await deriver.derive(change)
        return try await database.write { transaction in
            try transaction.advance(one) { regeneration in
                regeneration.position = key
                regeneration.tally.count(outcome)
            }
        }
    }

    private func end(_ one: Regeneration, _ state: Regeneration.State, reason: String? = nil) async throws {
        let now = clock.now
        _ = try await database.write { transaction in
            try transaction.advance(one) { regeneration in
                regeneration.state = state
                regeneration.ended = now
                regeneration.reason = reason
            }
        }
        log.info("A regeneration ended", ["bucket": one.bucket, "state": state.rawValue, "reason": reason ?? ""])
    }
}
