import ServiceKit
import Testing

@testable import SES

@Suite("Messages")
struct MessageTests {
    private func encoded(
        subject: String = "Hello", text: String? = nil, html: String? = nil, from: String = "ann@example.com"
    ) throws -> String {
        let message = MIMEMessage(
            id: "m1", date: Timestamp(seconds: 0), from: try EmailAddress(from),
            destination: Destination(to: [try EmailAddress("bob@example.com")]), subject: subject, text: text,
            html: html)
        return String(decoding: try message.encoded(), as: UTF8.self)
    }

    @Test("A plain mail is one part, its lines ended by CR LF")
    func plain() throws {
        let lines = [
            "Date: Thu, 01 Jan 1970 00:00:00 +0000", "Message-ID: <m1@example.com>", "From: ann@example.com",
            "To: bob@example.com", "Subject: Hello", "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8",
            "Content-Transfer-Encoding: 7bit", "", "one", "two", ".", "",
        ]
        #expect(try encoded(text: "one\ntwo\r\n.") == lines.joined(separator: "\r\n"))
    }

    @Test("Text and HTML are alternatives, the richer one last")
    func alternatives() throws {
        let parts = try encoded(text: "hi", html: "<p>hi</p>").split(
            separator: "--=_m1", omittingEmptySubsequences: false)
        try #require(parts.count == 4)
        #expect(parts[0].contains("Content-Type: multipart/alternative; boundary=\"=_m1\"\r\n"))
        #expect(parts[1].contains("text/plain") && parts[2].contains("text/html"))
        #expect(parts[3] == "--\r\n")
    }

    @Test(
        "What 7bit cannot carry goes as base64 in short lines",
        arguments: ["Grüße", "a\rb", "nul\u{0}", String(repeating: "x", count: 2000), "\u{7f}"])
    func base64(text: String) throws {
        let mail = try encoded(text: text)
        #expect(mail.contains("Content-Transfer-Encoding: base64"))
        let body = try #require(mail.split(separator: "\r\n\r\n").last)
        let lines = body.split(separator: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
        #expect(Base64.decode(Array(lines.joined().utf8)) == Array(text.utf8))
    }

    @Test("A subject outside ASCII becomes encoded words of whole code points")
    func encodedWords() throws {
        let subject = String(repeating: "Füße 👩‍👩‍👧‍👦 ", count: 8) + "e" + String(repeating: "\u{301}", count: 100)
        let words = MIMEMessage.encodedWords(subject).split(separator: "\r\n ")
        #expect(words.count > 3)
        var decoded: [UInt8] = []
        for word in words {
            #expect(word.utf8.count <= 75 && word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?="))
            let bytes = try #require(Base64.decode(Array(word.dropFirst(10).dropLast(2).utf8)))
            #expect(String(validating: bytes, as: UTF8.self) != nil)
            decoded += bytes
        }
        #expect(decoded == Array(subject.utf8))
    }

    @Test("A name outside ASCII is encoded, its mailbox is not")
    func names() throws {
        let mail = try encoded(text: "", from: "\"Änn\" <ann@example.com>")
        #expect(mail.contains("From: =?UTF-8?B?\(Base64.string(Array("Änn".utf8)))?= <ann@example.com>\r\n"))
    }

    @Test("A subject cannot begin another header", arguments: ["a\r\nBcc: eve@example.com", "a\nb", "a\u{0}"])
    func injection(subject: String) {
        #expect(throws: ServiceError.self) { try encoded(subject: subject, text: "") }
    }
}
