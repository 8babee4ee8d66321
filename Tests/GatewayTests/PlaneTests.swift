import AWSSignature
import HTTP
import HTTPTypes
import ServiceKit
import Testing

@testable import Gateway

extension GatewayTests {
    @Suite struct PlaneTests {
        @Test(
            "A host or a path chooses the plane",
            arguments: [
                (
                    "a1.execute-api.eu-west-1.amazonaws.com", "/prod/pets/1?a=b",
                    Plane.api(id: "a1", stage: "prod", path: "/pets/1")
                ),
                ("a1.execute-api.localhost:4566", "/prod", .api(id: "a1", stage: "prod", path: "/")),
                (
                    "localhost:4566", "/restapis/a1/prod/_user_request_/pets%20x",
                    .api(id: "a1", stage: "prod", path: "/pets%20x")
                ),
                ("localhost:4566", "/_aws/execute-api/a1/prod/pets", .api(id: "a1", stage: "prod", path: "/pets")),
                ("localhost:4566", "/restapis/a1/prod", nil), ("localhost:4566", "/bucket/.well-known/jwks.json", nil),
                ("b.s3-website.localhost.localstack.cloud", "/x", .website(bucket: "b")),
                ("b.localhost", "/_apus/health", nil), ("localhost", "/_apus/health", .health),
                ("x.lambda-url.eu-west-1.on.aws", "/", .functionURL(id: "x")),
            ])
        func choice(host: String, target: String, expected: Plane?) {
            let request = HTTPRequest(head: RequestHead(method: "GET", target: target, fields: ["Host": host]))
            #expect(Plane(Exchange(request, host: HostName(host, domains: []), now: .now())) == expected)
        }

        @Test("The catalog of tables is for those who sign for it; a bucket may have its name")
        func catalog() {
            func plane(signedFor service: String?) -> Plane? {
                var fields: HTTPFields = ["Host": "localhost:4566"]
                if let service {
                    fields["Authorization"] =
                        "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/\(service)/aws4_request, SignedHeaders=host, "
                        + "Signature=0"
                }
                let head = RequestHead(method: "GET", target: "/iceberg/v1/config?warehouse=a", fields: fields)
                return Plane(
                    Exchange(HTTPRequest(head: head), host: HostName("localhost:4566", domains: []), now: .now()))
            }
            #expect(plane(signedFor: "s3tables") == .catalog)
            #expect(plane(signedFor: "s3") == nil)
            #expect(plane(signedFor: nil) == nil)
        }

        @Test("An API without such a stage is API Gateway's own refusal")
        func unknownStage() async throws {
            try await TestStack.with { stack in
                let head = RequestHead(method: "POST", target: "/restapis/a1/prod/_user_request_/pets")
                let answer = try await stack.send(head, Array("{}".utf8))
                #expect(answer.status == 403 && answer.text == #"{"message":"Forbidden"}"#)
            }
        }

        @Test("The inbox opens to those who may read it: not unsigned, not by a signature for another service")
        func inbox() async throws {
            let head = RequestHead(method: "GET", target: "/_aws/ses?email=a%40b.c")
            try await TestStack.with { stack in
                let stranger = try await stack.send(head)
                #expect(stranger.status == 403 && !stranger.text.contains("messages"))
                let other = try await stack.send(head, as: TestStack.key, for: "s3")
                #expect(other.status == 403)
                let forged = Signer.Credentials(accessKeyID: "AKIDTEST", secret: "wrong")
                let refused = try await stack.send(head, as: forged, for: "ses")
                #expect(refused.status == 403)
                let answer = try await stack.send(head, as: TestStack.key, for: "ses")
                #expect(answer.status == 200 && answer.text == #"{"messages":["111122223333 a@b.c"]}"#)
                let post = RequestHead(method: "POST", target: "/_aws/ses")
                let posted = try await stack.send(post, as: TestStack.key, for: "ses")
                #expect(posted.status == 405)
            }
            try await TestStack.with(["APUS_OPEN": "1"]) { stack in
                let answer = try await stack.send(head)
                #expect(answer.text == #"{"messages":["000000000000 a@b.c"]}"#)
            }
        }

        @Test("A website's host gives its pages")
        func website() async throws {
            try await TestStack.with { stack in
                let head = RequestHead(
                    method: "GET", target: "/index.html", fields: ["Host": "my.site.s3-website.us-east-1.amazonaws.com"]
                )
                let answer = try await stack.send(head)
                #expect(answer.text == "my.site /index.html")
            }
        }

        @Test("A pool's keys and the health pages are public")
        func documents() async throws {
            try await TestStack.with { stack in
                let keys = try await stack.send(
                    RequestHead(method: "GET", target: "/us-east-1_abc/.well-known/jwks.json"))
                #expect(keys.status == 200 && keys.text == #"{"keys":[]}"#)
                let health = try await stack.send(RequestHead(method: "GET", target: "/_apus/health"))
                #expect(health.text == #"{"status":"ok"}"#)
                let localStack = try await stack.send(RequestHead(method: "GET", target: "/_localstack/health"))
                #expect(localStack.text.contains(#""dynamodb":"running""#))
            }
        }

        @Test(
            "A host name means what AWS's or LocalStack's mean",
            arguments: [
                ("localhost:4566", HostName.Meaning.stack), ("127.0.0.1:4566", .stack), ("gateway:4566", .stack),
                ("", .stack),
                ("sqs.us-east-1.amazonaws.com", .service(endpointPrefix: "sqs")),
                ("streams.dynamodb.us-east-1.amazonaws.com", .service(endpointPrefix: "streams.dynamodb")),
                ("s3.amazonaws.com", .service(endpointPrefix: "s3")), ("b.s3-eu-west-1.amazonaws.com", .bucket("b")),
                ("s3.localhost.localstack.cloud:4566", .service(endpointPrefix: "s3")),
                ("my.bucket.s3.localhost.localstack.cloud:4566", .bucket("my.bucket")),
                ("my.bucket.localhost", .bucket("my.bucket")),
                (
                    "my-point-123456789012.s3-accesspoint.eu-west-1.amazonaws.com",
                    .bucket("arn:aws:s3:eu-west-1:123456789012:accesspoint/my-point")
                ),
                ("b.s3-website-us-east-1.amazonaws.com", .website(bucket: "b")),
                ("x.lambda-url.us-east-1.on.aws", .functionURL("x")),
                ("iam.amazonaws.com", .service(endpointPrefix: "iam")),
            ])
        func hostNames(field: String, expected: HostName.Meaning) {
            #expect(HostName(field, domains: []).meaning == expected)
        }
    }
}
