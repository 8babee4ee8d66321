import ServiceKit

/// Works off the queue: every accepted mail is delivered or, after four days of trying or a refusal, marked failed.
///
/// A crash between the server's acceptance and our record of it sends a mail twice, with the same `Message-ID`; SMTP
/// offers nothing better. The record is the next thing done.
struct MailDelivery: Sendable {
    let store: MailStore
    let relay: MailRelay
    let clock: any WallClock
    let log: Log

    private static let batch = 50
    /// How long a lost ring, or the time of the next try, can go unnoticed.
    private static let pause = Duration.seconds(1)
    private static let firstDelay = Duration.seconds(1)
    private static let longestDelay = Duration.seconds(3600)
    private static let patience = Duration.seconds(4 * 86_400)

    func run() async throws {
        while true {
            let mails = try await store.read { try $0.dueMail(at: clock.now, limit: MailDelivery.batch) }
            for mail in mails { try await deliver(mail) }
            if mails.isEmpty { await store.bell.wait(until: clock.now + MailDelivery.pause, on: clock) }
            try Task.checkCancellation()
        }
    }

    private func deliver(_ mail: QueuedMail) async throws {
        do {
            try await relay.deliver(mail)
            try await store.write { try $0.markSent(mail) }
        } catch let failure as MailRelay.Failure {
            log.warning("A mail was not delivered", ["id": mail.id, "reason": "\(failure)"])
            let now = clock.now
            let isHopeless = failure.isPermanent || now - mail.created > MailDelivery.patience
            try await store.write { transaction in
                if isHopeless {
                    try transaction.markFailed(mail, error: "\(failure)")
                } else {
                    try transaction.markRetry(
                        mail, due: now + MailDelivery.delay(after: mail.attempts), error: "\(failure)")
                }
            }
        }
    }

    /// Doubles with every attempt, up to an hour.
    private static func delay(after attempts: Int) -> Duration {
        min(firstDelay * (1 << min(attempts, 12)), longestDelay)
    }
}
