import ServiceKit

/// Writes a mail (RFC 5322, RFC 2045–2047): text, HTML or both, in UTF-8.
struct MIMEMessage: Sendable {
    let id: String
    let date: Timestamp
    let from: EmailAddress
    let destination: Destination
    var replyTo: [EmailAddress] = []
    let subject: String
    let text: String?
    let html: String?

    var content: MailContent { MailContent(destination, subject: subject, text: text, html: html) }

    func encoded() throws -> [UInt8] {
        guard subject.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0.value == 0x09 }) else {
            throw ServiceError.controlCharacters
        }
        var lines = [
            "Date: \(MIMEMessage.date(date))", "Message-ID: <\(id)@\(from.domain)>", "From: \(header(from))",
        ]
        if !destination.to.isEmpty { lines.append("To: \(header(destination.to))") }
        if !destination.cc.isEmpty { lines.append("Cc: \(header(destination.cc))") }
        if !replyTo.isEmpty { lines.append("Reply-To: \(header(replyTo))") }
        lines.append("Subject: \(MIMEMessage.encodedWords(subject))")
        lines.append("MIME-Version: 1.0")
        switch (text, html) {
        case (let text?, let html?): lines += alternative(text, html)
        case (nil, let html?): lines += MIMEMessage.part(html, "text/html")
        default: lines += MIMEMessage.part(text ?? "", "text/plain")
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    private func alternative(_ text: String, _ html: String) -> [String] {
        let boundary = "=_\(id)"
        return ["Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
            + ["--\(boundary)"] + MIMEMessage.part(text, "text/plain")
            + ["--\(boundary)"] + MIMEMessage.part(html, "text/html") + ["--\(boundary)--"]
    }

    /// ASCII in short lines goes as it is, everything else as base64.
    private static func part(_ content: String, _ type: String) -> [String] {
        let lines = content.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        let isPlain = lines.allSatisfy { line in
            line.utf8.count <= 900 && line.utf8.allSatisfy { $0 == 0x09 || (0x20..<0x7f).contains($0) }
        }
        let head = ["Content-Type: \(type); charset=UTF-8"]
        if isPlain { return head + ["Content-Transfer-Encoding: 7bit", ""] + lines.map(String.init) }
        return head + ["Content-Transfer-Encoding: base64", ""] + base64Lines(content)
    }

    private static func base64Lines(_ content: String) -> [String] {
        let digits = Base64.encode(Array(content.utf8))
        return stride(from: 0, to: digits.count, by: 76).map { start in
            String(decoding: digits[start..<min(start + 76, digits.count)], as: UTF8.self)
        }
    }

    private func header(_ addresses: [EmailAddress]) -> String { addresses.map(header).joined(separator: ", ") }

    /// A display name outside ASCII becomes encoded words; the mailbox stays.
    private func header(_ address: EmailAddress) -> String {
        guard address.text != address.mailbox, !address.text.utf8.allSatisfy({ $0 < 0x80 }),
            let open = address.text.lastIndex(of: "<")
        else { return address.text }
        var name = String(address.text[..<open])
        while name.last == " " { name.removeLast() }
        name = name.filter { $0 != "\"" }
        return "\(MIMEMessage.encodedWords(name)) <\(address.mailbox)>"
    }

    /// RFC 2047: each word at most 75 characters, whole code points in each.
    static func encodedWords(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x7f }) else { return text }
        var words: [String] = []
        var chunk: [UInt8] = []
        for character in text.unicodeScalars.map(Character.init) {
            if chunk.count + character.utf8.count > 42, !chunk.isEmpty {
                words.append("=?UTF-8?B?\(Base64.string(chunk))?=")
                chunk = []
            }
            chunk += character.utf8
        }
        words.append("=?UTF-8?B?\(Base64.string(chunk))?=")
        return words.joined(separator: "\r\n ")
    }

    /// `Sat, 21 Nov 2026 09:00:00 +0000`
    private static func date(_ date: Timestamp) -> String { date.httpDate.replacing("GMT", with: "+0000") }
}
