import SES
import ServiceKit
import TestSupport
import Testing

@Suite("The developer's inbox")
struct InboxTests {
    private func with(_ body: (TestHost, RecordingAuthorizer) async throws -> Void) async throws {
        let authorizer = RecordingAuthorizer()
        try await TestHost.with("email", authorizer: authorizer, { try SES.services(on: $0) }) { host in
            try await host.call("ses", "VerifyDomainIdentity", #"{"Domain":"example.com"}"#)
            try await body(host, authorizer)
        }
    }

    private func send(from source: String, subject: String = "Hi") -> String {
        #"""
        {"Source":"\#(source)@example.com","Destination":{"ToAddresses":["Bob <bob@example.com>"],
        "BccAddresses":["eve@example.com"]},
        "Message":{"Subject":{"Data":"\#(subject)"},"Body":{"Text":{"Data":"t"},"Html":{"Data":"<b>"}}}}
        """#
    }

    private func inbox(_ host: TestHost, _ input: String = "{}") async throws -> [JSONValue] {
        Array(try #require(try await host.call("inbox", "ReadInbox", input)["messages"]).elements)
    }

    @Test("A mail shows what it was composed of, in LocalStack's members")
    func shape() async throws {
        try await with { host, _ in
            let id = try await host.call("ses", "SendEmail", send(from: "ann", subject: "Grüße"))["MessageId"]?.string
            let mail = try #require(try await inbox(host).first)
            #expect(mail["Id"]?.string == id && mail["Source"]?.string == "ann@example.com")
            #expect(mail["Region"]?.string == "us-east-1" && mail["Subject"]?.string == "Grüße")
            #expect(mail["Destination"]?["ToAddresses"]?.elements.map(\.string) == ["Bob <bob@example.com>"])
            #expect(mail["Destination"]?["BccAddresses"]?.elements.map(\.string) == ["eve@example.com"])
            #expect(mail["Body"]?["text_part"]?.string == "t" && mail["Body"]?["html_part"]?.string == "<b>")
        }
    }

    @Test("A mail its client wrote has the subject of its header")
    func raw() async throws {
        try await with { host, _ in
            let text = "From: ann@example.com\nTo: bob@example.com\nSubject: Two\n lines\n\nx"
            try await host.call(
                "ses", "SendRawEmail", #"{"RawMessage":{"Data":"\#(Base64.string(Array(text.utf8)))"}}"#)
            let mail = try #require(try await inbox(host).first)
            #expect(mail["Subject"]?.string == "Two lines" && mail["Body"] == nil)
        }
    }

    @Test("Mails are found by identifier, sender and recipient, and forgotten one by one or all")
    func findAndClear() async throws {
        try await with { host, _ in
            let first = try #require(
                try await host.call("ses", "SendEmail", send(from: "ann"))["MessageId"]?.string)
            try await host.call("ses", "SendEmail", send(from: "cid"))
            #expect(try await inbox(host, #"{"Id":"\#(first)"}"#).count == 1)
            #expect(try await inbox(host, #"{"Source":"cid@example.com"}"#).count == 1)
            #expect(try await inbox(host, #"{"Source":"cid@example.com","Id":"\#(first)"}"#).isEmpty)
            #expect(try await inbox(host, #"{"Recipient":"eve@example.com"}"#).count == 2)
            try await host.call("inbox", "ClearInbox", #"{"Id":"\#(first)"}"#)
            #expect(try await inbox(host).map { $0["Source"]?.string } == ["cid@example.com"])
            try await host.call("inbox", "ClearInbox")
            #expect(try await inbox(host).isEmpty)
        }
    }

    @Test("An account sees and clears its own mail only, by permissions that are none of SES's")
    func isolation() async throws {
        try await with { host, authorizer in
            let stranger = Caller.root(of: "111122223333")
            try await host.call("ses", "SendEmail", send(from: "ann"))
            let seen = try await host.call("inbox", "ReadInbox", as: stranger)
            #expect(Array(try #require(seen["messages"]).elements).isEmpty)
            try await host.call("inbox", "ClearInbox", as: stranger)
            #expect(try await inbox(host).count == 1)
            let asked = Set(authorizer.seen)
            #expect(asked.contains("apus:ReadInbox on arn:aws:ses:us-east-1:000000000000:inbox"))
            #expect(asked.contains("apus:ClearInbox on arn:aws:ses:us-east-1:111122223333:inbox"))
        }
    }

    @Test("The bytes of a mail are what was sent, byte for byte")
    func bytes() async throws {
        try await with { host, _ in
            let bytes = Array("From: ann@example.com\r\nTo: bob@example.com\r\n\r\n".utf8) + [0xE9, 0xFF, 0x0D, 0x0A]
            let sent = try await host.call(
                "ses", "SendRawEmail", #"{"RawMessage":{"Data":"\#(Base64.string(bytes))"}}"#)
            let id = try #require(sent["MessageId"]?.string)
            let reply = try await host.call("apus.email", "GetMail", #"{"Id":"\#(id)"}"#, as: .service("launcher.apus"))
            #expect(reply["Data"]?.string == Base64.string(bytes))
            let missing = try await host.error(
                of: "apus.email", "GetMail", #"{"Id":"x"}"#, as: .service("launcher.apus"))
            #expect(missing?.status == 404)
        }
    }
}
