import AWSSignature
import HTTPTypes
import ServiceKit
import Testing

@testable import Gateway

extension GatewayTests {
    @Suite struct AuthenticationTests {
        @Test("A signed request reaches the owner with its caller and region")
        func signed() async throws {
            try await TestStack.with { stack in
                let answer = try await stack.send(
                    TestStack.getItem(), TestStack.getItemBody, as: TestStack.key, for: "dynamodb")
                #expect(answer.status == 200)
                #expect(
                    answer.text == #"{"Item":{"caller":"arn:aws:iam::111122223333:root","account":"111122223333","#
                        + #""region":"eu-west-1","endpoint":"http://localhost:4566"}}"#)
                #expect(answer.fields["x-amzn-RequestId"]?.count == 36)
            }
        }

        @Test("Auth is asked once for a credential, and again after it rang")
        func cached() async throws {
            try await TestStack.with { stack in
                let head = TestStack.getItem()
                for _ in 0..<3 {
                    let answer = try await stack.send(head, TestStack.getItemBody, as: TestStack.key, for: "dynamodb")
                    #expect(answer.status == 200)
                }
                #expect(stack.auth.questions == 1)
            }
        }

        @Test("An altered body, a wrong secret, an unknown key and an old date are refused in AWS's words")
        func refused() async throws {
            try await TestStack.with { stack in
                let signer = Signer(TestStack.key, region: "eu-west-1", service: "dynamodb")
                var head = TestStack.getItem(["Host": "localhost"])
                head = signer.sign(head, body: TestStack.getItemBody, at: .now())
                let altered = try await stack.send(head, Array("{}".utf8))
                #expect(altered.status == 400 && altered.text.contains("InvalidSignatureException"))
                let wrong = Signer.Credentials(accessKeyID: "AKIDTEST", secret: "guess")
                let mismatch = try await stack.send(
                    TestStack.getItem(), TestStack.getItemBody, as: wrong, for: "dynamodb")
                #expect(mismatch.text.contains("InvalidSignatureException"))
                let nobody = Signer.Credentials(accessKeyID: "AKIDNOBODY", secret: "x")
                let unknown = try await stack.send(
                    TestStack.getItem(), TestStack.getItemBody, as: nobody, for: "dynamodb")
                #expect(unknown.text.contains("UnrecognizedClientException"))
                let old = try await stack.send(
                    TestStack.getItem(), TestStack.getItemBody, as: TestStack.key, for: "dynamodb",
                    at: .now() - .seconds(1000))
                #expect(old.status == 400 && old.text.contains("Signature expired"))
            }
        }

        @Test("A signature for another service is refused")
        func otherService() async throws {
            try await TestStack.with { stack in
                let answer = try await stack.send(
                    TestStack.getItem(), TestStack.getItemBody, as: TestStack.key, for: "sqs")
                #expect(
                    answer.status == 400
                        && answer.text.contains("Credential should be scoped to correct service: 'dynamodb'"))
            }
        }

        @Test("A request without signature reaches owners whose policies may let anybody in, and no others")
        func anonymous() async throws {
            try await TestStack.with { stack in
                let object = try await stack.send(RequestHead(method: "GET", target: "/b/k"))
                #expect(object.status == 200 && object.text == "hello")
                let item = try await stack.send(TestStack.getItem(), TestStack.getItemBody)
                #expect(item.status == 400 && item.text.contains("MissingAuthenticationTokenException"))
            }
        }

        @Test("An ended session is refused in S3's words")
        func endedSession() async throws {
            try await TestStack.with { stack in
                let session = Signer.Credentials(accessKeyID: "AKIDTEST", secret: "secret", sessionToken: "t")
                let answer = try await stack.send(RequestHead(method: "GET", target: "/b/k"), as: session, for: "s3")
                #expect(answer.status == 400 && answer.text.contains("<Code>ExpiredToken</Code>"))
            }
        }

        @Test("An open stack believes everyone, but no page of another machine")
        func open() async throws {
            try await TestStack.with(["APUS_OPEN": "1"]) { stack in
                let anyone = Signer.Credentials(accessKeyID: "test", secret: "test")
                let answer = try await stack.send(
                    TestStack.getItem(), TestStack.getItemBody, as: anyone, for: "dynamodb")
                #expect(answer.status == 200 && answer.text.contains("arn:aws:iam::000000000000:root"))
                let page = try await stack.send(
                    TestStack.getItem(["Origin": "https://evil.example"]), TestStack.getItemBody)
                #expect(page.status == 403)
                let local = try await stack.send(
                    TestStack.getItem(["Origin": "http://localhost:3000"]), TestStack.getItemBody)
                #expect(local.status == 200 && local.fields["Access-Control-Allow-Origin"] == "*")
            }
        }

        @Test("An open stack refuses to listen to other machines")
        func openOnLoopbackOnly() throws {
            let configuration = try Config(environment: ["APUS_OPEN": "1", "APUS_HOST": "0.0.0.0"])
            #expect(throws: ConfigError.self) { _ = try GatewaySettings(configuration) }
        }
    }
}
