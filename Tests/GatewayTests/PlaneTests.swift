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
                ("a1.execute-api.eu-west-1.amazonaws.com", "/prod/pets/1?a=b", "GET a1 prod /pets/1 a=b"),
                ("a1.execute-api.localhost:4566", "/prod", "GET a1 prod / "),
                ("localhost:4566", "/restapis/a1/prod/_user_request_/pets%20x", "GET a1 prod /pets%20x "),
                ("localhost:4566", "/_aws/execute-api/a1/prod/pets", "GET a1 prod /pets "),
            ])
        func executeAPI(host: String, target: String, expected: String) async throws {
            try await TestStack.with { stack in
                let answer = try await stack.send(RequestHead(method: "GET", target: target, fields: ["Host": host]))
                #expect(answer.status == 201 && answer.fields["X-Api"] == expected)
            }
        }

        @Test("The body of an API's request goes both ways")
        func body() async throws {
            try await TestStack.with { stack in
                let head = RequestHead(method: "POST", target: "/restapis/a1/prod/_user_request_/pets")
                let answer = try await stack.send(head, Array("{}".utf8))
                #expect(answer.text == "{}")
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
                ("b.s3-website-us-east-1.amazonaws.com", .website(bucket: "b")),
                ("x.lambda-url.us-east-1.on.aws", .functionURL("x")),
                ("iam.amazonaws.com", .service(endpointPrefix: "iam")),
            ])
        func hostNames(field: String, expected: HostName.Meaning) {
            #expect(HostName(field, domains: []).meaning == expected)
        }
    }
}
