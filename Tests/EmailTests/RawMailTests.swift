import ServiceKit
import Testing

@testable import SES

@Suite("Raw mail")
struct RawMailTests {
    private func read(_ text: String) throws -> (mail: RawMail, data: String) {
        let mail = try RawMail(Array(text.utf8))
        return (mail, String(decoding: mail.data, as: UTF8.self))
    }

    @Test("Bcc is a recipient and leaves the header, folded lines and all")
    func blindCopies() throws {
        let (mail, data) = try read(
            """
            From: Ann <ann@example.com>
            To: bob@example.com
            BCC : eve@example.com,
            \tmallory@example.com
            Subject: x

            Bcc: stays
            """)
        #expect(mail.recipients.map(\.mailbox) == ["bob@example.com", "eve@example.com", "mallory@example.com"])
        #expect(mail.authors.map(\.mailbox) == ["ann@example.com"])
        #expect(data == "From: Ann <ann@example.com>\r\nTo: bob@example.com\r\nSubject: x\r\n\r\nBcc: stays")
    }

    @Test("Lines end with CR LF, whatever they ended with", arguments: ["a\nb\n", "a\r\nb\r\n"])
    func lineEnds(body: String) throws {
        #expect(try read("From: ann@example.com\n\n\(body)").data.hasSuffix("\r\n\r\na\r\nb\r\n"))
    }

    @Test("Two From fields are refused, and every author of one counts")
    func authors() throws {
        #expect(throws: ServiceError.self) { try read("From: a@example.com\nFrom: b@example.com\n\n") }
        #expect(try read("From: a@example.com, b@example.com\n\n").mail.authors.count == 2)
    }

    @Test("Any bytes are read or refused, never a trap")
    func garbage() throws {
        let alphabet = Array("From:Bcc \r\n\t<>@,\"a\u{0}ü".utf8) + [0xff]
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0..<60)).compactMap { _ in alphabet.randomElement() }
            do {
                #expect(try RawMail(bytes).data.contains(0x0a))
            } catch {
                #expect(error is ServiceError)
            }
        }
    }
}
