import SES
import ServiceKit
import TestSupport
import Testing

@Suite("Sending mail")
struct SendingTests {
    private func with(_ body: (TestHost) async throws -> Void) async throws {
        try await TestHost.with("email", { try SES.services(on: $0) }, run: body)
    }

    private func send(from source: String = "ann@example.com", to: String = #"["bob@example.com"]"#) -> String {
        #"""
        {"Source":"\#(source)","Destination":{"ToAddresses":\#(to)},
        "Message":{"Subject":{"Data":"Hi"},"Body":{"Text":{"Data":"there"}}}}
        """#
    }

    private func sendRaw(_ text: String) -> String {
        #"{"RawMessage":{"Data":"\#(Base64.string(Array(text.utf8)))"}}"#
    }

    private func inbox(_ host: TestHost, _ input: String = "{}") async throws -> [JSONValue] {
        let reply = try await host.call("apus.email", "ListInbox", input, as: .service("gateway.apus"))
        return Array(try #require(reply["messages"]).elements)
    }

    @Test("A sender that nobody verified is rejected, in both generations of the API")
    func unverified() async throws {
        try await with { host in
            let second = #"""
                {"FromEmailAddress":"ann@example.com","Destination":{"ToAddresses":["b@example.com"]},
                "Content":{"Simple":{"Subject":{"Data":"Hi"},"Body":{"Text":{"Data":"x"}}}}}
                """#
            #expect(try await host.error(of: "ses", "SendEmail", send())?.code == "MessageRejected")
            #expect(try await host.error(of: "sesv2", "SendEmail", second)?.code == "MessageRejected")
            try await host.call("ses", "VerifyEmailIdentity", #"{"EmailAddress":"ann@example.com"}"#)
            try await host.call("ses", "SendEmail", send(from: "Ann <ANN@example.com>"))
            try await host.call("sesv2", "SendEmail", second)
            let other = try await host.error(of: "ses", "SendEmail", send(from: "eve@example.com"))
            #expect(other?.code == "MessageRejected")
            #expect(try await inbox(host).count == 2)
        }
    }

    @Test("A verified domain vouches for its addresses, not for those of domains below or beside it")
    func domains() async throws {
        try await with { host in
            try await host.call("ses", "VerifyDomainIdentity", #"{"Domain":"example.com"}"#)
            try await host.call("ses", "SendEmail", send(from: "anybody@EXAMPLE.com"))
            for source in ["a@sub.example.com", "a@notexample.com"] {
                #expect(try await host.error(of: "ses", "SendEmail", send(from: source))?.code == "MessageRejected")
            }
        }
    }

    @Test("Without a relay mail stands in the inbox, the newest first, by recipient")
    func developersInbox() async throws {
        try await with { host in
            try await host.call("ses", "VerifyEmailIdentity", #"{"EmailAddress":"ann@example.com"}"#)
            let id = try await host.call("ses", "SendEmail", send())["MessageId"]?.string
            try await host.call("ses", "SendEmail", send(to: #"["Eve <eve@example.com>"]"#))
            let all = try await inbox(host)
            #expect(all.map { $0["Recipients"]?.elements.map(\.string) } == [["eve@example.com"], ["bob@example.com"]])
            let bobs = try await inbox(host, #"{"Recipient":"bob@example.com"}"#)
            #expect(bobs.count == 1 && bobs.first?["Id"]?.string == id && bobs.first?["State"]?.string == "inbox")
            #expect(bobs.first?["RawData"]?.string?.hasSuffix("\r\n\r\nthere\r\n") == true)
        }
    }

    @Test("A call is one mail however often it is tried; another call or another mail is another one")
    func attempts() async throws {
        try await with { host in
            try await host.call("ses", "VerifyEmailIdentity", #"{"EmailAddress":"ann@example.com"}"#)
            func attempt(_ call: String, _ operation: String, _ input: String) async throws -> String? {
                var source = Call.Source()
                source.invocation = call
                return try await host.reply("ses", operation, input, from: source).output["MessageId"]?.string
            }
            let toEve = send(to: #"["eve@example.com"]"#)
            let raw = sendRaw("From: ann@example.com\r\nTo: bob@example.com\r\nSubject: Hi\r\n\r\nthere")
            let first = try await attempt("one", "SendEmail", send())
            #expect(try await attempt("one", "SendEmail", send()) == first)
            #expect(try await attempt("one", "SendEmail", toEve) != first)
            #expect(try await attempt("two", "SendEmail", send()) != first)
            let firstRaw = try await attempt("one", "SendRawEmail", raw)
            #expect(try await attempt("one", "SendRawEmail", raw) == firstRaw)
            #expect(try await attempt("", "SendEmail", send()) != attempt("", "SendEmail", send()))
            #expect(try await inbox(host).count == 6)
        }
    }

    @Test("A mail needs recipients, and not more than fifty")
    func recipients() async throws {
        try await with { host in
            try await host.call("ses", "VerifyEmailIdentity", #"{"EmailAddress":"ann@example.com"}"#)
            let many = "[" + (0...50).map { "\"u\($0)@example.com\"" }.joined(separator: ",") + "]"
            for to in ["[]", many] {
                #expect(try await host.error(of: "ses", "SendEmail", send(to: to))?.code == "InvalidParameterValue")
            }
            #expect(try await inbox(host).isEmpty)
        }
    }

    @Test("A raw mail's every author must be verified, and blind copies stay blind")
    func raw() async throws {
        try await with { host in
            try await host.call("ses", "VerifyEmailIdentity", #"{"EmailAddress":"ann@example.com"}"#)
            let spoofed = sendRaw("From: ann@example.com, eve@example.org\nTo: bob@example.com\n\nx")
            #expect(try await host.error(of: "ses", "SendRawEmail", spoofed)?.code == "MessageRejected")
            let honest = sendRaw("From: ann@example.com\nTo: bob@example.com\nBcc: eve@example.com\n\nx")
            try await host.call("ses", "SendRawEmail", honest)
            let mail = try #require(try await inbox(host).first)
            #expect(mail["Recipients"]?.elements.map(\.string) == ["bob@example.com", "eve@example.com"])
            #expect(mail["RawData"]?.string?.contains("eve") == false)
        }
    }

    @Test("Apus's own mail needs no verified sender, and one token is one mail")
    func deduplication() async throws {
        try await with { host in
            let input = #"{"Token":"t1","To":"bob@example.com","Subject":"Code","Text":"123456"}"#
            var ids: [String?] = []
            for token in ["t1", "t1", "t1", "t2"] {
                let reply = try await host.call(
                    "apus.email", "QueueSystemEmail", input.replacing("t1", with: token), as: .service("auth.apus"))
                ids.append(reply["MessageId"]?.string)
            }
            #expect(try await inbox(host).map { $0["Id"]?.string } == [ids[3], ids[0]])
            #expect(ids[0] != nil && ids[0] == ids[1] && ids[0] == ids[2] && ids[0] != ids[3])
        }
    }
}
