import ServiceKit

/// A composed mail about to be accepted: what both API generations and the service's own mails share.
struct Outgoing: Sendable {
    let from: EmailAddress
    let destination: Destination
    var replyTo: [EmailAddress] = []
    let subject: String
    let text: String?
    let html: String?

    /// - Returns: the message's identifier, that of the first attempt where this is another one.
    func send(by store: MailStore, in call: Call) async throws -> String {
        let recipients = destination.all.map(\.mailbox)
        guard !recipients.isEmpty else { throw ServiceError.noRecipients }
        guard recipients.count <= Destination.most else { throw ServiceError.tooManyRecipients }
        let id = Outgoing.makeID()
        var message = MIMEMessage(
            id: id, date: call.now, from: from, destination: destination, subject: subject, text: text, html: html)
        message.replyTo = replyTo
        let data = try message.encoded()
        let (from, content) = (from, message.content)
        let token = Outgoing.token(of: ([from] + replyTo).map(\.text), content.encoded, in: call)
        return try await store.write { transaction in
            try transaction.requireVerified(from, in: call)
            return try transaction.enqueue(
                data, id: id, from: from.mailbox, to: recipients, content: content, token: token, in: store, call)
        }
    }

    /// What two attempts of one call have in common, and nothing else has: the SDK's identifier of the call and the mail.
    /// `nil` where the client did not identify it.
    private static func token(of addresses: [String], _ mail: [UInt8], in call: Call) -> String? {
        guard !call.source.invocation.isEmpty else { return nil }
        var hash = SHA256()
        for part in [call.account, call.region, call.source.invocation] + addresses {
            hash.update(Array(part.utf8) + [0])
        }
        hash.update(mail)
        return "sdk \(Hex.string(hash.finalize()))"
    }

    /// `0100018c…-uuid-000000`, as SES's look.
    static func makeID() -> String { "01\(Hex.string(SecureRandom.bytes(7)))-\(Identifier.uuid())-000000" }
}

extension Outgoing {
    /// Accepts a mail that the client wrote itself.
    static func send(
        _ mail: RawMail, from source: EmailAddress?, to recipients: [EmailAddress], by store: MailStore, in call: Call
    ) async throws -> String {
        guard let sender = source ?? mail.authors.first else { throw ServiceError.missingSender() }
        let recipients = (recipients.isEmpty ? mail.recipients : recipients).map(\.mailbox)
        guard !recipients.isEmpty else { throw ServiceError.noRecipients }
        guard recipients.count <= Destination.most else { throw ServiceError.tooManyRecipients }
        let token = token(of: [sender.mailbox] + recipients, mail.data, in: call)
        return try await store.write { transaction in
            for address in mail.authors + [sender] { try transaction.requireVerified(address, in: call) }
            return try transaction.enqueue(
                mail.data, id: makeID(), from: sender.mailbox, to: recipients, token: token, in: store, call)
        }
    }
}

extension Transaction {
    fileprivate func requireVerified(_ address: EmailAddress, in call: Call) throws {
        guard try isVerified(address, in: call) else {
            throw ServiceError.notVerified(address.mailbox, in: call.region)
        }
    }
}

/// The ARN of the identity that a mail is sent from: what `ses:SendEmail` is allowed on.
func identityARN(_ sender: String?, in call: Call) -> ARN {
    let identity = sender.flatMap { try? EmailAddress($0).mailbox } ?? "*"
    return ARN("ses", region: call.region, account: call.account, "identity/\(identity)")
}
