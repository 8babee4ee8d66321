import ServiceKit

/// Forgets mail two weeks after it was delivered, kept or given up.
struct MailRetention: Sendable {
    let store: MailStore
    let clock: any WallClock

    private static let age = Duration.seconds(14 * 86_400)
    private static let interval = Duration.seconds(3600)

    func run() async throws {
        while true {
            let oldest = clock.now - MailRetention.age
            try await store.write { try $0.trimMail(before: oldest) }
            try await clock.sleep(until: clock.now + MailRetention.interval)
        }
    }
}
