import ServiceKit

/// What happens to keys when its day comes: they go, or get new material.
struct KeyCalendar: Sendable {
    private static let interval = Duration.seconds(3600)

    let store: KMSStore
    let clock: any WallClock
    let log: Log

    func run() async throws {
        while true {
            try await apply()
            try await clock.sleep(until: clock.now + Self.interval)
        }
    }

    /// Does all that is due.
    func apply() async throws {
        let (now, masterKey) = (clock.now, store.masterKey)
        // Looked for in the transaction: a deletion may be cancelled until it happens.
        let (deleted, rotated) = try await store.write { transaction in
            let gone = try transaction.keysToDelete(at: now)
            for key in gone { try transaction.delete(key) }
            let due = try transaction.keysToRotate(at: now)
            for var key in due {
                try transaction.rotate(key, because: .automatic, at: now, masterKey)
                key.rotation = key.rotation.map { Key.Rotation(days: $0.days, next: now + .days($0.days)) }
                try transaction.update(key)
            }
            return (gone.map(\.arn), due.map(\.arn))
        }
        for arn in deleted { log.info("Deleted a KMS key", ["key": "\(arn)"]) }
        for arn in rotated { log.info("Rotated a KMS key", ["key": "\(arn)"]) }
    }
}
