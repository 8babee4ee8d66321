import HTTP
import HTTPTypes
import ServiceKit
import Testing

@testable import ExecuteAPI

@Suite("Serving a stage")
struct ServingTests {
    private let start = Timestamp(seconds: 1_000_000)

    @Test("A method's own settings go before its verb's, those before all methods' and AWS's defaults")
    func settings() throws {
        let stage = try StageExample.stage()
        #expect(stage.settings(for: "/items/{id}", method: "GET").burst == 2)
        #expect(stage.settings(for: "/items/{id}", method: "POST").cacheTime == .seconds(7))
        #expect(stage.settings(for: "/items/{id}", method: "PUT").burst == 5000)
    }

    @Test("A throttle admits a burst, then as many as the rate allows, and no more than a burst after a pause")
    func throttle() throws {
        let throttle = Throttle()
        let settings = try StageExample.stage().settings(for: "/items/{id}", method: "GET")
        func admitted(_ key: String = "k", after seconds: Double) -> Int {
            let now = start + .milliseconds(Int64(seconds * 1000))
            return (0..<5).count { _ in throttle.admits(key, settings, at: now) }
        }
        #expect(admitted(after: 0) == 2)
        #expect(admitted("other", after: 0) == 2)
        #expect(admitted(after: 0.5) == 0)
        #expect(admitted(after: 1) == 1)
        #expect(admitted(after: 3600) == 2)
        // A clock set back gives nothing and takes nothing.
        #expect(admitted(after: 60) == 0)
    }

    @Test("A cached answer is found until it expires")
    func expiry() {
        let cache = ResponseCache()
        cache.store(HTTPResponse(status: 200, bytes: [1]), for: "k", until: start + .seconds(10))
        #expect(cache.response(for: "k", at: start + .milliseconds(9999)) != nil)
        #expect(cache.response(for: "k", at: start + .seconds(10)) == nil)
        #expect(cache.response(for: "k", at: start) == nil)
    }

    @Test("Failures and answers that are streams or too large are not kept")
    func uncached() {
        let cache = ResponseCache()
        let answers = [
            HTTPResponse(status: 404, bytes: [1]), HTTPResponse(status: 200, body: .stream(ByteStream([1]))),
            HTTPResponse(status: 200, bytes: [UInt8](repeating: 0, count: 1 << 20 + 1)),
        ]
        for answer in answers { cache.store(answer, for: "k", until: start + .seconds(10)) }
        #expect(cache.response(for: "k", at: start) == nil)
    }

    @Test("A full cache lets go of what was unused longest")
    func trimming() {
        let cache = ResponseCache()
        let megabyte = [UInt8](repeating: 0, count: 1 << 20)
        for index in 0..<70 {
            cache.store(HTTPResponse(status: 200, bytes: megabyte), for: "\(index)", until: start + .seconds(10))
            _ = cache.response(for: "0", at: start)
        }
        let kept = (0..<70).filter { cache.response(for: "\($0)", at: start) != nil }
        #expect(kept.contains(0) && kept.contains(69) && !kept.contains(1))
        #expect(kept.count <= 64)
    }

    @Test("Answers are told apart by path, stage version and every cache key, whatever stands in its value")
    func cacheKeys() throws {
        let keys = [
            try StageExample.invocation().cacheKey,
            try StageExample.invocation("/items/2").cacheKey,
            try StageExample.invocation(updated: 2).cacheKey,
            try StageExample.invocation(query: "page=").cacheKey,
            try StageExample.invocation(query: "page=1").cacheKey,
            try StageExample.invocation(query: "page=%00").cacheKey,
            try StageExample.invocation(fields: ["X-Who": "ann"]).cacheKey,
            try StageExample.invocation(query: "page=1", fields: ["X-Who": "ann"]).cacheKey,
            try StageExample.invocation(
                query: "page=1%0Amethod.request.header.X-Who=ann"
            ).cacheKey,
        ]
        #expect(Set(keys).count == keys.count)
        #expect(
            try StageExample.invocation(query: "page=1&other=2").cacheKey
                == StageExample.invocation(query: "other=3&page=1").cacheKey)
    }

    @Test(
        "A media type is matched by itself, its family or everything",
        arguments: [
            ("image/png", ["image/png"], true), ("Image/PNG; q=1", ["image/png"], true),
            ("image/png", ["IMAGE/*"], true),
            ("image/png", ["image/*"], true), ("image/png", ["*/*"], true), ("imagery/png", ["image/*"], false),
            ("text/plain", ["image/*", "application/pdf"], false), ("image/png", [], false),
        ])
    func mediaTypes(type: String, patterns: [String], matches: Bool) {
        #expect(MediaType.matches(type, patterns) == matches)
    }

    @Test(
        "An integration's URI names its function",
        arguments: [
            (
                "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:0:function:f/invocations",
                "arn:aws:lambda:us-east-1:0:function:f"
            ),
            ("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f", nil),
            ("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/invocations", nil),
            ("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions//invocations", nil), ("", nil),
        ] as [(String, String?)])
    func function(uri: String, expected: String?) {
        #expect(LambdaProxy.function(in: uri) == expected)
    }

    private func answer(_ text: String, _ accept: String = "*/*") throws -> HTTPResponse {
        try LambdaProxy.response(
            JSONDocument(Array(text.utf8)).root, to: StageExample.invocation(fields: ["Accept": accept]))
    }

    @Test("A function's answer becomes the response")
    func proxyAnswer() throws {
        let response = try answer(
            #"{"statusCode":"201","headers":{"X-A":1,"Content-Length":"9"},"multiValueHeaders":{"Set-Cookie":["a","b"]},"body":"hi"}"#
        )
        #expect(response.head.status == 201)
        #expect(response.head.fields["X-A"] == "1" && response.head.fields["Content-Length"] == nil)
        #expect(response.head.fields.fields.filter { $0.name == "Set-Cookie" }.map(\.value) == ["a", "b"])
        guard case .bytes(let body) = response.body else {
            Issue.record("no bytes")
            return
        }
        #expect(body == Array("hi".utf8))
    }

    @Test("A base64 answer is decoded for who accepts a binary type, and left for others")
    func binaryAnswer() throws {
        let text = #"{"statusCode":200,"isBase64Encoded":true,"body":"AQI="}"#
        guard case .bytes(let decoded) = try answer(text, "image/png").body,
            case .bytes(let left) = try answer(text, "text/html").body
        else {
            Issue.record("no bytes")
            return
        }
        #expect(decoded == [1, 2] && left == Array("AQI=".utf8))
    }

    @Test(
        "An answer of another form is a bad gateway's",
        arguments: [
            "{}", "[]", "null", #"{"statusCode":99}"#, #"{"statusCode":600}"#, #"{"statusCode":"x"}"#,
            #"{"statusCode":9223372036854775807}"#, #"{"statusCode":200,"headers":{"A":"b\r\nC: d"}}"#,
            #"{"statusCode":200,"headers":{"A: x":"b"}}"#, #"{"statusCode":200,"body":{"a":1}}"#,
        ])
    func badAnswers(text: String) {
        #expect { try answer(text) } throws: { ($0 as? Refusal)?.status == 502 }
    }

    @Test("A refusal is JSON with a message and names its type")
    func refusal() throws {
        let response = Refusal.tooManyRequests.response
        #expect(response.head.status == 429)
        #expect(response.head.fields["x-amzn-ErrorType"] == "TooManyRequestsException")
        guard case .bytes(let body) = response.body else {
            Issue.record("no bytes")
            return
        }
        #expect(try JSONDocument(body).root["message"]?.string == "Too Many Requests")
    }
}
