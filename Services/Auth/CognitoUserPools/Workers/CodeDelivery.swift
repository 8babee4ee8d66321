import ServiceKit

/// Hands queued mails to the email service, which knows each by its token and sends it once.
struct CodeDelivery: Sendable {
    let store: UserPoolStore
    let client: ServiceClient
    let clock: any WallClock

    private static let pause = Duration.seconds(5)
    private static let batch = 100

    func run() async throws {
        while true {
            let mails = try await store.read { try $0.outgoingMail(limit: CodeDelivery.batch) }
            for mail in mails {
                try await send(mail.message, token: mail.token)
                try await store.write { try $0.deleteMail(mail.id) }
            }
            if mails.isEmpty { await store.bell.wait(until: clock.now + CodeDelivery.pause, on: clock) }
            try Task.checkCancellation()
        }
    }

    private func send(_ message: CodeMessage, token: String) async throws {
        var options = ServiceClient.Options()
        options.isIdempotent = true
        do {
            _ = try await client.call("apus.email", "QueueSystemEmail", options: options) { json in
                json.member("Token", token)
                message.write(to: &json)
            }
        } catch let error as ServiceError where (400..<500).contains(error.status) {
            // An address that mail cannot go to: it must not hold back the mail of everybody behind it.
            return
        }
    }
}
