import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct WebsiteTests {
    private func withSite(_ rules: String = "", public isPublic: Bool = true, _ body: (S3Fixture) async throws -> Void)
        async throws
    {
        try await S3Fixture.with { s3 in
            try await s3.createBucket("site")
            try await s3.call(
                "PutBucketWebsite",
                #"{"Bucket":"site","WebsiteConfiguration":{"IndexDocument":{"Suffix":"index.html"},"ErrorDocument":{"Key":"error.html"}\#(rules)}}"#
            )
            if isPublic {
                try await s3.call("DeletePublicAccessBlock", #"{"Bucket":"site"}"#)
                let statement =
                    #"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":[\"s3:GetObject\",\"s3:ListBucket\"],\"Resource\":[\"arn:aws:s3:::site/*\",\"arn:aws:s3:::site\"]}"#
                try await s3.call(
                    "PutBucketPolicy",
                    #"{"Bucket":"site","Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[\#(statement)]}"}"#)
            }
            for (key, text) in [("index.html", "home"), ("docs/index.html", "docs"), ("error.html", "sorry")] {
                try await s3.put(key, Array(text.utf8), bucket: "site", #","ContentType":"text/html""#)
            }
            try await body(s3)
        }
    }

    private func visit(
        _ s3: S3Fixture, _ path: String, _ headers: [PlaneRequest.Header] = []
    ) async throws -> Page {
        var json = JSONWriter()
        json.value(
            PlaneRequest(
                method: "GET", host: "site.s3-website.localhost", path: path, query: "", headers: headers,
                parameters: ["Bucket": "site"]))
        let (output, stream) = try await s3.host.reply(
            "apus.objects", "GetWebsitePage", String(decoding: json.bytes, as: UTF8.self), as: .service("gateway.apus"))
        let answer = try PlaneResponse(json: output)
        let bytes = try await stream?.collect(upTo: 1 << 20) ?? answer.bytes.bytes
        return Page(
            answer.status, answer.headers.first { $0.name == "Location" }?.value, String(decoding: bytes, as: UTF8.self)
        )
    }

    @Test("Folders answer their index document, a missing page the error document")
    func pages() async throws {
        try await withSite { (s3: S3Fixture) async throws in
            #expect(try await visit(s3, "/") == Page(200, nil, "home"))
            #expect(try await visit(s3, "/docs/") == Page(200, nil, "docs"))
            #expect(try await visit(s3, "/docs") == Page(302, "/docs/", ""))
            #expect(try await visit(s3, "/missing.html") == Page(404, nil, "sorry"))
            let etag = "\"\(Hex.string(MD5.hash("home")))\""
            #expect(try await visit(s3, "/", [.init("if-none-match", etag)]).status == 304)
            #expect(try await visit(s3, "/", [.init("Range", "bytes=0-1")]) == Page(206, nil, "ho"))
        }
    }

    @Test("Without a public policy nobody sees anything")
    func privateSite() async throws {
        try await withSite(public: false) { (s3: S3Fixture) async throws in
            let answer = try await visit(s3, "/")
            #expect(answer.status == 403)
            #expect(!answer.text.contains("home") && !answer.text.contains("sorry"))
        }
    }

    @Test("Routing rules redirect by prefix before, and by status after, the page is looked up")
    func rules() async throws {
        let rules = #"""
            ,"RoutingRules":[{"Condition":{"KeyPrefixEquals":"old/"},"Redirect":{"ReplaceKeyPrefixWith":"docs/"}},
            {"Condition":{"HttpErrorCodeReturnedEquals":"404"},"Redirect":{"HostName":"example.com","Protocol":"https","HttpRedirectCode":"307"}}]
            """#
        try await withSite(rules) { (s3: S3Fixture) async throws in
            #expect(try await visit(s3, "/old/a b.html") == Page(301, "/docs/a%20b.html", ""))
            #expect(try await visit(s3, "/gone") == Page(307, "https://example.com/gone", ""))
        }
    }
}

private struct Page: Equatable {
    let status: Int
    let location: String?
    let text: String

    init(_ status: Int, _ location: String?, _ text: String) {
        self.status = status
        self.location = location
        self.text = text
    }
}
