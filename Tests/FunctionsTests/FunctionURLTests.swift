import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Lambda

@Suite("Function URLs", .needsNamespaces)
struct FunctionURLTests {
    private static let echo = "def handler(event, context):\n    return event\n"

    private func with(_ body: (LambdaFixture, RecordingAuthorizer) async throws -> Void) async throws {
        let authorizer = RecordingAuthorizer()
        try await LambdaFixture.with(authorizer: authorizer) { try await body($0, authorizer) }
    }

    private func url(_ fixture: LambdaFixture, _ type: String = "NONE", _ more: [String: Any] = [:]) async throws
        -> String
    {
        let input: [String: Any] = ["FunctionName": "f", "AuthType": type]
        let made = try await fixture.call("CreateFunctionUrlConfig", input.merging(more) { $1 })
        let text = try #require(made["FunctionUrl"]?.string)
        #expect(text.hasSuffix(".lambda-url.us-east-1.localhost:4566/"))
        return String(text.dropFirst("http://".count).prefix { $0 != "." })
    }

    private func send(
        _ fixture: LambdaFixture, _ id: String, _ method: String = "GET", path: String = "/", query: String = "",
        headers: [PlaneRequest.Header] = [], body: [UInt8] = [], as caller: Caller = .anonymous
    ) async throws -> PlaneResponse {
        let request = PlaneRequest(
            method: method, host: "\(id).lambda-url.us-east-1.localhost:4566", path: path, query: query,
            headers: headers, parameters: ["UrlId": id], body: body)
        var json = JSONWriter()
        json.value(request)
        return try PlaneResponse(
            json: await fixture.host.call(
                "function-url", "InvokeFunctionUrl", String(decoding: json.bytes, as: UTF8.self), as: caller))
    }

    @Test("A URL is made, shown, changed, listed with those of aliases, and deleted")
    func configuration() async throws {
        try await with { fixture, _ in
            try await fixture.create("f", python: Self.echo, ["Publish": true])
            try await fixture.call("CreateAlias", ["FunctionName": "f", "Name": "live", "FunctionVersion": "1"])
            let id = try await url(fixture, "AWS_IAM")
            let alias = try await url(fixture, "NONE", ["Qualifier": "live"])
            #expect(id != alias)
            let again = try await fixture.error("CreateFunctionUrlConfig", ["FunctionName": "f", "AuthType": "NONE"])
            #expect(again?.code == "ResourceConflictException")
            let listed = try await fixture.call("ListFunctionUrlConfigs", ["FunctionName": "f"])
            #expect(
                listed["FunctionUrlConfigs"].map { $0.elements.map { $0["AuthType"]?.string } } == ["AWS_IAM", "NONE"])
            let changed = try await fixture.call("UpdateFunctionUrlConfig", ["FunctionName": "f", "AuthType": "NONE"])
            #expect(changed["AuthType"]?.string == "NONE")
            try await fixture.call("DeleteFunctionUrlConfig", ["FunctionName": "f"])
            #expect(try await fixture.error("GetFunctionUrlConfig", ["FunctionName": "f"])?.status == 404)
            #expect(
                try await fixture.call("GetFunctionUrlConfig", ["FunctionName": "f", "Qualifier": "live"])[
                    "FunctionArn"]?
                    .string?.hasSuffix(":f:live") == true)
        }
    }

    @Test("The function gets payload format 2.0, and any JSON it answers is the body")
    func event() async throws {
        try await with { fixture, authorizer in
            try await fixture.create("f", python: Self.echo)
            let id = try await url(fixture)
            let response = try await send(
                fixture, id, "POST", path: "/a%20b", query: "x=1&x=2&y=%20z",
                headers: [
                    .init("Cookie", "a=1; b=2"), .init("X-Two", "1"), .init("x-two", "2"),
                    .init("Content-Type", "image/png"),
                ],
                body: [0, 255])
            #expect(response.status == 200)
            let event = try JSONDocument(response.bytes.bytes).root
            #expect(event["version"]?.string == "2.0" && event["rawPath"]?.string == "/a%20b")
            #expect(event["cookies"].map { $0.elements.map(\.string) } == ["a=1", "b=2"])
            #expect(event["headers"]?["x-two"]?.string == "1,2" && event["headers"]?["cookie"] == nil)
            #expect(event["queryStringParameters"]?["x"]?.string == "1,2")
            #expect(event["queryStringParameters"]?["y"]?.string == " z")
            #expect(event["requestContext"]?["http"]?["method"]?.string == "POST")
            #expect(event["requestContext"]?["apiId"]?.string == id)
            #expect(event["body"]?.string == "AP8=" && event["isBase64Encoded"]?.bool == true)
            #expect(
                authorizer.seen.contains(
                    "lambda:InvokeFunctionUrl on arn:aws:lambda:us-east-1:000000000000:function:f"))
        }
    }

    @Test("An answer of the documented form is the response; a failing function is a bad gateway")
    func answers() async throws {
        try await with { fixture, _ in
            let source = """
                def handler(event, context):
                    if event['rawPath'] == '/fail': raise ValueError('no')
                    if event['rawPath'] == '/split': return {'statusCode': 200, 'headers': {'a': 'b\\r\\nc: d'}}
                    return {'statusCode': 201, 'headers': {'X-A': 1}, 'cookies': ['s=1', 't=2'],
                            'body': 'AQI=', 'isBase64Encoded': True}
                """
            try await fixture.create("f", python: source)
            let id = try await url(fixture)
            let made = try await send(fixture, id)
            #expect(made.status == 201 && made.bytes.bytes == [1, 2])
            #expect(made.headers.filter { $0.name == "Set-Cookie" }.map(\.value) == ["s=1", "t=2"])
            #expect(made.headers.contains { $0.name == "X-A" && $0.value == "1" })
            #expect(try await send(fixture, id, path: "/fail").status == 502)
            #expect(try await send(fixture, id, path: "/split").status == 502)
        }
    }

    @Test("With rules for pages of other origins a URL answers browsers itself")
    func crossOrigin() async throws {
        try await with { fixture, _ in
            try await fixture.create("f", python: Self.echo)
            let cors: [String: Any] = ["AllowOrigins": ["https://app.example"], "AllowMethods": ["GET"], "MaxAge": 60]
            let id = try await url(fixture, "AWS_IAM", ["Cors": cors])
            let origin = PlaneRequest.Header("Origin", "https://app.example")
            let asked = [origin, .init("Access-Control-Request-Method", "GET")]
            let answer = try await send(fixture, id, "OPTIONS", headers: asked)
            #expect(answer.bytes.bytes.isEmpty)
            #expect(answer.headers.contains { $0.name == "Access-Control-Allow-Methods" && $0.value == "GET" })
            let other = [.init("Origin", "https://evil.example"), asked[1]]
            #expect(try await send(fixture, id, "OPTIONS", headers: other).headers.isEmpty)
            let seen = try await send(fixture, id, headers: [origin]).headers
            #expect(seen.contains { $0.name == "Access-Control-Allow-Origin" && $0.value == "https://app.example" })
        }
    }

    @Test("A bad signature is refused where signatures count")
    func badSignature() async throws {
        try await with { fixture, _ in
            try await fixture.create("f", python: Self.echo)
            let id = try await url(fixture, "AWS_IAM")
            let input = #"{"Method":"GET","Path":"/","Parameters":{"UrlId":"\#(id)","SignatureFault":"bad"}}"#
            let refused = try await fixture.host.error(
                of: "function-url", "InvokeFunctionUrl", input, as: .anonymous)
            #expect(refused?.status == 403 && refused?.message == "bad")
            let unknown = try await fixture.host.error(
                of: "function-url", "InvokeFunctionUrl", #"{"Method":"GET","Path":"/","Parameters":{"UrlId":"x"}}"#)
            #expect(unknown?.status == 404)
        }
    }

    @Test(
        "A URL stands below the name by which its owner knows the stack",
        arguments: [
            ("http://localhost:4566", "http://i.lambda-url.eu-west-1.localhost:4566/"),
            ("http://127.0.0.1:4566", "http://i.lambda-url.eu-west-1.localhost:4566/"),
            ("https://apus.example.com", "https://i.lambda-url.eu-west-1.apus.example.com/"),
            ("http://[::1]:80", "http://i.lambda-url.eu-west-1.localhost:80/"),
            ("http://lambda.eu-west-1.amazonaws.com", "http://i.lambda-url.eu-west-1.localhost/"),
        ])
    func names(endpoint: String, expected: String) {
        let url = FunctionURL(
            id: "i", key: FunctionKey(account: "1", region: "eu-west-1", name: "f"), qualifier: nil,
            authentication: .none, cors: nil, created: Timestamp(seconds: 0), modified: Timestamp(seconds: 0))
        #expect(url.url(for: endpoint) == expected)
    }
}
