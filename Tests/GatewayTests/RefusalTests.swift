import HTTPTypes
import ServiceKit
import Testing

@testable import Gateway

extension GatewayTests {
    @Suite struct RefusalTests {
        @Test("An operation that no one implements is the protocol's own 4xx naming it, never a 5xx that SDKs repeat")
        func unknownOperations() async throws {
            try await TestStack.with { stack in
                let json = try await stack.send(
                    RequestHead(method: "POST", target: "/", fields: ["X-Amz-Target": "DynamoDB_20120810.Frobnicate"]),
                    Array("{}".utf8))
                #expect(
                    json.status == 400 && json.text.contains("UnknownOperationException")
                        && json.text.contains("Frobnicate"))
                let lacking = try await stack.send(
                    RequestHead(method: "POST", target: "/", fields: ["X-Amz-Target": "DynamoDB_20120810.ListTables"]),
                    Array("{}".utf8), as: TestStack.key, for: "dynamodb")
                #expect(lacking.status == 400 && lacking.text.contains("The operation ListTables of dynamodb"))
                let form: HTTPFields = ["Content-Type": "application/x-www-form-urlencoded"]
                let query = try await stack.send(
                    RequestHead(method: "POST", target: "/", fields: form), Array("Action=Frob&Version=2010-05-08".utf8)
                )
                #expect(query.status == 400 && query.text.contains("<Code>InvalidAction</Code>"))
                let s3 = try await stack.send(
                    RequestHead(method: "GET", target: "/b?torrents&acl"), as: TestStack.key, for: "s3")
                #expect(s3.status == 501 && s3.text.contains("<Code>NotImplemented</Code>"))
                let strange = try await stack.send(
                    RequestHead(method: "POST", target: "/", fields: ["X-Amz-Target": "Athena.ListWorkGroups"]),
                    Array("{}".utf8))
                #expect(strange.status == 400 && strange.text.contains("Athena.ListWorkGroups"))
            }
        }

        @Test("An owner that is not there is a 503 that SDKs repeat")
        func noOwner() async throws {
            try await TestStack.with { stack in
                let head = RequestHead(method: "POST", target: "/", fields: ["X-Amz-Target": "AmazonSQS.ListQueues"])
                let answer = try await stack.send(head, Array("{}".utf8))
                #expect(answer.status == 503 && answer.fields["Retry-After"] == "1")
            }
        }

        @Test("A preflight is answered without credentials on every path")
        func preflight() async throws {
            try await TestStack.with { stack in
                let fields: HTTPFields = [
                    "Origin": "https://app.example", "Access-Control-Request-Method": "PUT",
                    "Access-Control-Request-Headers": "authorization,x-amz-date",
                ]
                for target in ["/", "/2015-03-31/functions"] {
                    let answer = try await stack.send(RequestHead(method: "OPTIONS", target: target, fields: fields))
                    #expect(answer.status == 200)
                    #expect(answer.fields["Access-Control-Allow-Headers"] == "authorization,x-amz-date")
                }
            }
        }

        @Test("A preflight that does not say who asks, or for what, is a bad request")
        func incompletePreflight() async throws {
            try await TestStack.with { stack in
                let nobody = try await stack.send(RequestHead(method: "OPTIONS", target: "/b/k", fields: [:]))
                #expect(nobody.status == 400 && nobody.text.contains("Origin request header needed"))
                let fields: HTTPFields = ["Origin": "https://app.example"]
                let nothing = try await stack.send(RequestHead(method: "OPTIONS", target: "/b/k", fields: fields))
                #expect(nothing.status == 400 && nothing.text.contains("Invalid Access-Control-Request-Method"))
            }
        }

        @Test("A bucket's rules decide who may read it across origins")
        func bucketRules() async throws {
            try await TestStack.with { stack in
                var fields: HTTPFields = ["Origin": "https://app.example", "Access-Control-Request-Method": "GET"]
                let allowed = try await stack.send(RequestHead(method: "OPTIONS", target: "/b/k", fields: fields))
                #expect(allowed.status == 200 && allowed.fields["Access-Control-Max-Age"] == "60")
                let read = try await stack.send(RequestHead(method: "GET", target: "/b/k", fields: fields))
                #expect(read.fields["Access-Control-Allow-Origin"] == "https://app.example")
                fields["Origin"] = "https://other.example"
                let refused = try await stack.send(RequestHead(method: "OPTIONS", target: "/b/k", fields: fields))
                #expect(refused.status == 403 && refused.text.contains("<Code>AccessForbidden</Code>"))
            }
        }

        @Test("A body that is no JSON is the owner's serialization error")
        func brokenJSON() async throws {
            try await TestStack.with { stack in
                let answer = try await stack.send(
                    TestStack.getItem(), Array("{".utf8), as: TestStack.key, for: "dynamodb")
                #expect(answer.status == 400 && answer.text.contains(#"SerializationException","Message":"#))
            }
        }
    }
}
