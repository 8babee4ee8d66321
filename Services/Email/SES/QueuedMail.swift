import ServiceKit

/// A mail that was accepted and is being delivered, or kept.
struct QueuedMail: Sendable {
    enum State: String, Sendable {
        case queued, sent, failed
        /// No relay is configured.
        case inbox
    }

    let id: String
    let account: String
    let region: String
    let sender: String
    let recipients: [String]
    let data: [UInt8]
    /// What the mail was composed of, where this service composed it and keeps it for a developer.
    let content: MailContent?
    let state: State
    let attempts: Int
    let created: Timestamp
}

/// The form a mail has in the developer's inbox: LocalStack's members, and what it has none for.
extension QueuedMail: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("Id", id)
        json.member("Region", region)
        json.member("Source", sender)
        json.member("Recipients", recipients)
        if let content {
            content.write(to: &json)
        } else {
            json.member("Subject", RawMail.subject(of: data))
        }
        json.member("RawData", String(decoding: data, as: UTF8.self))
        json.member("State", state.rawValue)
        json.member("Timestamp", created.iso8601())
    }
}

/// What a mail was composed of: `{"Destination":{…},"Subject":…,"Body":{"text_part":…,"html_part":…}}`.
struct MailContent: Sendable, InputShape, OutputShape {
    let to: [String]
    let cc: [String]
    let bcc: [String]
    let subject: String
    let text: String?
    let html: String?

    init(_ destination: Destination, subject: String, text: String?, html: String?) {
        to = destination.to.map(\.text)
        cc = destination.cc.map(\.text)
        bcc = destination.bcc.map(\.text)
        self.subject = subject
        self.text = text
        self.html = html
    }

    init(_ member: Members) throws {
        let destination: [String: [String]] = try member("Destination")
        to = destination["ToAddresses"] ?? []
        cc = destination["CcAddresses"] ?? []
        bcc = destination["BccAddresses"] ?? []
        subject = try member("Subject")
        let body: Body = try member("Body")
        text = body.text
        html = body.html
    }

    private struct Body: InputShape {
        let text: String?
        let html: String?
        init(_ member: Members) throws {
            text = try member("text_part")
            html = try member("html_part")
        }
    }

    var encoded: [UInt8] {
        var json = JSONWriter()
        json.value(self)
        return json.bytes
    }

    func write(to json: inout JSONWriter) {
        json.member("Destination") { json in
            json.object { json in
                json.member("ToAddresses", to)
                if !cc.isEmpty { json.member("CcAddresses", cc) }
                if !bcc.isEmpty { json.member("BccAddresses", bcc) }
            }
        }
        json.member("Subject", subject)
        json.member("Body") { json in
            json.object { json in
                json.member("text_part", text)
                json.member("html_part", html)
            }
        }
    }
}
