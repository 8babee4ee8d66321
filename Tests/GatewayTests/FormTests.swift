import AWSSignature
import HTTP
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import Gateway

/// A form as a browser sends it.
private struct Form {
    static let type = "multipart/form-data; boundary=xyz"
    var fields: [(String, String)]
    var file: String? = "meow"

    var bytes: [UInt8] {
        var text = ""
        for (name, value) in fields {
            text += "--xyz\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        if let file {
            text += "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\pets\\cat.txt\"\r\n"
            text += "Content-Type: text/plain\r\n\r\n\(file)\r\n"
        }
        return Array((text + "--xyz--\r\n").utf8)
    }

    /// Fields with a policy that allows them, signed.
    static func signed(
        _ fields: [(String, String)], conditions: String, expiration: Timestamp = .now() + .seconds(60),
        secret: String = "secret"
    ) -> Form {
        let now = Timestamp.now()
        let scope = CredentialScope(date: String(now.iso8601Basic.prefix(8)), region: "eu-west-1", service: "s3")
        let document = #"{"expiration":"\#(expiration.iso8601(milliseconds: true))","conditions":[\#(conditions)]}"#
        let policy = Base64.string(Array(document.utf8))
        let key = SigningKey.derive(secret: secret, scope: scope)
        let signature = Hex.string(HMAC.sha256(key: key.bytes, policy))
        return Form(
            fields: fields + signing(scope, now) + [("policy", policy), ("x-amz-signature", signature)])
    }

    private static func signing(_ scope: CredentialScope, _ now: Timestamp) -> [(String, String)] {
        [
            ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
            ("x-amz-credential", "AKIDTEST/\(scope.date)/eu-west-1/s3/aws4_request"),
            ("x-amz-date", now.iso8601Basic),
        ]
    }

    static let anySigning =
        #"["starts-with","$x-amz-algorithm",""],["starts-with","$x-amz-credential",""],["starts-with","$x-amz-date",""]"#
}

extension TestStack {
    fileprivate func post(_ form: Form, to target: String = "/b") async throws -> TestAnswer {
        try await send(RequestHead(method: "POST", target: target, fields: ["Content-Type": Form.type]), form.bytes)
    }
}

extension GatewayTests {
    @Suite struct FormTests {
        @Test("A form stores its file under its key, and answers as it asks")
        func stored() async throws {
            try await TestStack.with { stack in
                let key = ("key", "pets/${filename}")
                let plain = try await stack.post(Form(fields: [key]))
                #expect(plain.status == 204 && plain.text.isEmpty)
                #expect(plain.fields["ETag"] == "pets/cat.txt|meow|-1|")
                #expect(plain.fields["Location"] == "http://localhost:4566/b/pets/cat.txt")
                let document = try await stack.post(Form(fields: [key, ("success_action_status", "201")]))
                #expect(document.status == 201)
                #expect(document.text.contains("<Bucket>b</Bucket><Key>pets/cat.txt</Key>"))
                #expect(try await stack.post(Form(fields: [key, ("success_action_status", "404")])).status == 204)
                let page = try await stack.post(
                    Form(fields: [key, ("success_action_redirect", "https://example.com/?a=b")]))
                #expect(page.status == 303)
                #expect(
                    page.fields["Location"]?.hasPrefix("https://example.com/?a=b&bucket=b&key=pets%2Fcat.txt&") == true)
            }
        }

        @Test("Fields become the headers they are named after, and others do not")
        func headers() async throws {
            try await TestStack.with { stack in
                let fields = [
                    ("key", "k"), ("Content-Encoding", "gzip"), ("x-amz-copy-source", "/b/secret"), ("Expect", "x"),
                ]
                let answer = try await stack.post(Form(fields: fields))
                #expect(answer.status == 204 && answer.fields["ETag"] == "k|meow|-1|gzip")
            }
        }

        @Test("A signed policy that fits the form lets it in")
        func signed() async throws {
            let conditions =
                #"{"bucket":"b"},["starts-with","$key","pets/"],["content-length-range",1,4],\#(Form.anySigning)"#
            try await TestStack.with { stack in
                let form = Form.signed([("key", "pets/cat")], conditions: conditions)
                #expect(try await stack.post(form).status == 204)
                let wrong = Form.signed([("key", "pets/cat")], conditions: conditions, secret: "guess")
                let refused = try await stack.post(wrong)
                #expect(refused.status == 403 && refused.text.contains("SignatureDoesNotMatch"))
                var changed = form
                changed.fields = changed.fields.map { $0.0 == "policy" ? ($0.0, $0.1 + "Cg==") : $0 }
                #expect(try await stack.post(changed).status == 403)
            }
        }

        @Test("A policy refuses the forms it does not fit")
        func refused() async throws {
            let conditions =
                #"{"bucket":"b"},["eq","$key","cat"],["content-length-range",2,4],\#(Form.anySigning)"#
            let cases: [(form: Form, to: String, code: String)] = [
                (.signed([("key", "dog")], conditions: conditions), "/b", "Policy Condition failed"),
                (.signed([("key", "cat")], conditions: conditions), "/other", "Policy Condition failed"),
                (
                    .signed([("key", "cat"), ("acl", "public-read")], conditions: conditions), "/b",
                    "Extra input fields: acl"
                ),
                (
                    .signed([("key", "cat")], conditions: conditions, expiration: .now() - .seconds(1)), "/b",
                    "Policy expired"
                ),
                (.signed([("key", "cat")], conditions: #"["contains","$key","c"]"#), "/b", "InvalidPolicyDocument"),
                (.signed([("key", "cat")], conditions: "{}"), "/b", "exactly one property"),
            ]
            try await TestStack.with { stack in
                for (form, target, code) in cases {
                    let answer = try await stack.post(form, to: target)
                    #expect(answer.status >= 400 && answer.text.contains(code), "\(code): \(answer.text)")
                }
                for (file, code) in [("m", "EntityTooSmall"), ("meeow", "EntityTooLarge")] {
                    var form = Form.signed([("key", "cat")], conditions: conditions)
                    form.file = file
                    let answer = try await stack.post(form)
                    #expect(answer.status == 400 && answer.text.contains(code), "\(answer.text)")
                }
            }
        }

        @Test("What is no form that uploads one file is refused in S3's words")
        func malformed() async throws {
            let long = String(repeating: "x", count: 21 << 10)
            try await TestStack.with { stack in
                for (form, code) in [
                    (Form(fields: [("acl", "private")]), "field named 'key'"),
                    (Form(fields: [("key", "k")], file: nil), "exactly one file"),
                    (Form(fields: [("key", "k"), ("x-amz-meta-a", long)]), "MaxPostPreDataLengthExceeded"),
                    (Form(fields: [("key", "k"), ("policy", "e30="), ("signature", "x")]), "AWSAccessKeyId"),
                    (Form(fields: [("key", "k"), ("policy", "e30=")]), "x-amz-signature"),
                ] {
                    let answer = try await stack.post(form)
                    #expect(answer.status == 400 && answer.text.contains(code), "\(answer.text)")
                }
                let head = RequestHead(method: "POST", target: "/b", fields: ["Content-Type": Form.type])
                let garbage = try await stack.send(
                    head, Array("no form at all".utf8) + Array(repeating: 32, count: 2000))
                #expect(garbage.status == 400 && garbage.text.contains("MalformedPOSTRequest"))
                let cut = try await stack.send(head, Form(fields: [("key", "k")]).bytes.dropLast(12))
                #expect(cut.status >= 400)
            }
        }
    }
}
