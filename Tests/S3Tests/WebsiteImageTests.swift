import ServiceKit
import TestSupport
import Testing

@testable import S3

/// Images on request at a website.
@Suite struct WebsiteImageTests {
    /// A public site with a photograph, and a tag that allows what it says.
    private func withSite(
        tag: String? = "on", _ body: (S3Fixture, EchoRenderer) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            try await EchoRenderer.with(folder) { renderer in
                try await S3Fixture.with(folder) { s3 in
                    try await publish(s3, tag: tag)
                    try await put("photo.jpg", "photo", in: s3)
                    try await body(s3, renderer)
                }
            }
        }
    }

    private func publish(_ s3: S3Fixture, tag: String?) async throws {
        try await s3.createBucket("site")
        try await s3.call(
            "PutBucketWebsite",
            #"{"Bucket":"site","WebsiteConfiguration":{"IndexDocument":{"Suffix":"index.html"}}}"#)
        try await s3.call("DeletePublicAccessBlock", #"{"Bucket":"site"}"#)
        // Everything but what lies under `private/`.
        let statements = [("Allow", "site/*"), ("Deny", "site/private/*")].map { effect, resource in
            #"{\"Effect\":\"\#(effect)\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::\#(resource)\"}"#
        }
        try await s3.call(
            "PutBucketPolicy",
            #"{"Bucket":"site","Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[\#(statements.joined(separator: ","))]}"}"#
        )
        if let tag { try await allow(tag, in: s3) }
    }

    private func allow(_ tag: String, in s3: S3Fixture) async throws {
        try await s3.call(
            "PutBucketTagging",
            #"{"Bucket":"site","Tagging":{"TagSet":[{"Key":"apus:images","Value":"\#(tag)"}]}}"#)
    }

    private func put(
        _ key: String, _ content: String, type: String = "image/jpeg", in s3: S3Fixture
    ) async throws {
        try await s3.put(
            key, Array(content.utf8), bucket: "site", #","ContentType":"\#(type)","CacheControl":"max-age=60""#)
    }

    private struct Page {
        let status: Int
        let text: String
        private let headers: [PlaneRequest.Header]

        init(_ answer: PlaneResponse, _ bytes: [UInt8]) {
            (status, headers) = (answer.status, answer.headers)
            text = String(decoding: bytes, as: UTF8.self)
        }

        subscript(name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    private func visit(
        _ s3: S3Fixture, _ address: String, _ headers: [String: String] = [:], method: String = "GET"
    ) async throws -> Page {
        let parts = address.split(separator: "?", maxSplits: 1).map(String.init)
        var json = JSONWriter()
        json.value(
            PlaneRequest(
                method: method, host: "site.s3-website.localhost", path: parts[0],
                query: parts.count > 1 ? parts[1] : "", headers: headers.map { .init($0.key, $0.value) },
                parameters: ["Bucket": "site"]))
        let (output, stream) = try await s3.host.reply(
            "apus.objects", "GetWebsitePage", String(decoding: json.bytes, as: UTF8.self), as: .service("gateway.apus"))
        let answer = try PlaneResponse(json: output)
        return Page(answer, try await stream?.collect(upTo: 1 << 20) ?? answer.bytes.bytes)
    }

    @Test("An image is made one time, and answered from then on with the object's own caching")
    func kept() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            for _ in 0..<3 {
                let page = try await visit(s3, "/photo.jpg?w=64&h=32&fit=cover&format=webp&q=7")
                #expect(page.status == 200 && page.text == "photo 64 32 7 cover webp")
                #expect(page["Content-Type"] == "image/test" && page["Content-Length"] == "24")
                #expect(page["Cache-Control"] == "max-age=60" && page["Vary"] == nil)
            }
            #expect(renderer.calls == 1)
            #expect(try await visit(s3, "/photo.jpg?w=65").text == "photo 65 - - cover source")
            #expect(renderer.calls == 2)
        }
    }

    @Test("Without the tag, and for what is no image, the query is passed over")
    func passedOver() async throws {
        try await withSite(tag: nil) { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            #expect(try await visit(s3, "/photo.jpg?w=64").text == "photo")
            #expect(try await visit(s3, "/photo.jpg?w=nonsense").text == "photo")
            try await allow("on", in: s3)
            try await put("site.css", "css", type: "text/css", in: s3)
            try await put("logo.svg", "svg", type: "image/svg+xml", in: s3)
            #expect(try await visit(s3, "/site.css?h=abc123").text == "css")
            #expect(try await visit(s3, "/logo.svg?w=64").text == "svg")
            #expect(try await visit(s3, "/photo.jpg?v=2").text == "photo")
            #expect(renderer.calls == 0)
            try await allow("off", in: s3)
            #expect(try await visit(s3, "/photo.jpg?w=64").text == "photo")
        }
    }

    @Test("An object without a type is an image by its name")
    func byName() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            try await put("a.HEIC", "heic", type: "binary/octet-stream", in: s3)
            #expect(try await visit(s3, "/a.HEIC?w=64").text.hasPrefix("heic 64"))
        }
    }

    @Test("What the bucket does not allow answers 400, before any work")
    func bounds() async throws {
        try await withSite(tag: "w=64:128") { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            let page = try await visit(s3, "/photo.jpg?w=65")
            #expect(page.status == 400 && page["x-amz-error-code"] == "InvalidArgument")
            #expect(page.text.contains("w must be a whole number one of 64, 128"))
            #expect(renderer.calls == 0)
        }
    }

    @Test("Who may not read the object sees no image of it, nor whether it could be one")
    func authorization() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            try await put("private/photo.jpg", "secret", in: s3)
            for query in ["", "?w=64", "?w=nonsense"] {
                let page = try await visit(s3, "/private/photo.jpg\(query)")
                #expect(page.status == 403 && !page.text.contains("secret") && !page.text.contains("whole number"))
            }
            #expect(try await visit(s3, "/missing.jpg?w=64").status == 403)
            #expect(renderer.calls == 0)
            // What was kept while it was public is no longer shown.
            #expect(try await visit(s3, "/photo.jpg?w=64").status == 200)
            try await s3.call("DeleteBucketPolicy", #"{"Bucket":"site"}"#)
            #expect(try await visit(s3, "/photo.jpg?w=64").status == 403)
        }
    }

    @Test("An object that a customer's key enciphers, or that is archived, gives no image")
    func unreadable() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            let key = [UInt8](repeating: 7, count: 32)
            let customer =
                #","ContentType":"image/png","SSECustomerAlgorithm":"AES256","SSECustomerKey":"\#(Base64.string(key))","#
                + #""SSECustomerKeyMD5":"\#(Base64.string(MD5.hash(key)))""#
            try await s3.put("own.png", [1], bucket: "site", customer)
            #expect(try await visit(s3, "/own.png?w=64").status == 400)
            try await s3.put(
                "old.png", [1], bucket: "site", #","ContentType":"image/png","StorageClass":"GLACIER""#)
            #expect(try await visit(s3, "/old.png?w=64")["x-amz-error-code"] == "InvalidObjectState")
            #expect(renderer.calls == 0)
        }
    }

    @Test("Overwritten, deleted and put back: an image is always of the bytes that are there")
    func invalidation() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            let first = try await visit(s3, "/photo.jpg?w=64")
            try await put("photo.jpg", "other", in: s3)
            let second = try await visit(s3, "/photo.jpg?w=64")
            #expect(second.text.hasPrefix("other") && second["ETag"] != first["ETag"])
            try await s3.call("DeleteObject", #"{"Bucket":"site","Key":"photo.jpg"}"#)
            #expect(try await visit(s3, "/photo.jpg?w=64").status == 403)
            // In the row that became free, with the bytes and so the tag it had, under another key.
            try await put("photo.jpg", "other", in: s3)
            let third = try await visit(s3, "/photo.jpg?w=64")
            #expect(third.text == second.text && third["ETag"] == second["ETag"])
            #expect(renderer.calls == 3)
        }
    }

    @Test("Conditions, HEAD and ranges are answered as for objects")
    func conditions() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            let address = "/photo.jpg?w=64"
            let page = try await visit(s3, address)
            let etag = try #require(page["ETag"])
            let same = try await visit(s3, address, ["If-None-Match": etag])
            #expect(same.status == 304 && same.text.isEmpty)
            #expect(same["ETag"] == etag && same["Cache-Control"] == "max-age=60")
            // Of an image that was never made: the tag is known before.
            #expect(try await visit(s3, "/photo.jpg?w=65", ["If-None-Match": etag]).status == 200)
            #expect(try await visit(s3, address, ["If-Match": "\"other\""]).status == 412)
            let head = try await visit(s3, address, method: "HEAD")
            #expect(head.status == 200 && head.text.isEmpty && head["Content-Length"] == page["Content-Length"])
            let part = try await visit(s3, address, ["Range": "bytes=6-7"])
            #expect(part.status == 206 && part.text == "64")
            #expect(part["Content-Range"] == "bytes 6-7/\(page.text.utf8.count)")
            #expect(try await visit(s3, address, ["Range": "bytes=999-"]).status == 416)
        }
    }

    @Test("A chosen format varies by Accept, and is kept once for those who get the same")
    func negotiation() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            let webp = try await visit(s3, "/photo.jpg?w=64&format=auto", ["Accept": "image/webp,*/*"])
            #expect(webp.text.hasSuffix("webp") && webp["Vary"] == "Accept")
            let plain = try await visit(s3, "/photo.jpg?w=64&format=auto")
            #expect(plain.text.hasSuffix("plain") && plain["Vary"] == "Accept" && plain["ETag"] != webp["ETag"])
            _ = try await visit(s3, "/photo.jpg?w=64&format=webp")
            #expect(renderer.calls == 2)
            let unchanged = try await visit(
                s3, "/photo.jpg?w=64&format=auto", ["If-None-Match": webp["ETag"] ?? "", "Accept": "image/webp"])
            #expect(unchanged.status == 304 && unchanged["Vary"] == "Accept")
        }
    }

    @Test("A file at fault is refused with its reason, and not tried again for any size")
    func refused() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            try await put("broken.jpg", "broken", in: s3)
            for query in ["w=64", "w=64", "w=65&format=png"] {
                let page = try await visit(s3, "/broken.jpg?\(query)")
                #expect(page.status == 422 && page["x-amz-error-code"] == "NotDecoded")
                #expect(page.text.contains("unknown format"))
            }
            #expect(renderer.calls == 1)
            // What took too much may take less in another size.
            try await put("heavy.jpg", "heavy", in: s3)
            for query in ["w=64", "w=64", "w=65"] {
                #expect(try await visit(s3, "/heavy.jpg?\(query)").status == 422)
            }
            #expect(renderer.calls == 3)
        }
    }

    @Test("Too many at once are asked to come back, which is not remembered")
    func busy() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            try await put("busy.jpg", "busy", in: s3)
            for _ in 0..<2 {
                let page = try await visit(s3, "/busy.jpg?w=64")
                #expect(page.status == 503 && page["Retry-After"] == "1" && page["x-amz-error-code"] == "SlowDown")
            }
            #expect(renderer.calls == 2)
        }
    }

    @Test("Visitors who ask for the same at once have it made one time; too many different ones are sent away")
    func flights() async throws {
        try await withSite { (s3: S3Fixture, renderer: EchoRenderer) async throws in
            renderer.hold(true)
            try await withThrowingTaskGroup(of: (width: Int, status: Int).self) { group in
                for width in 1...64 {
                    for _ in 0..<2 {
                        group.addTask { (width, try await visit(s3, "/photo.jpg?w=\(width)").status) }
                    }
                }
                try await s3.host.until { renderer.calls == 64 }
                #expect(try await visit(s3, "/photo.jpg?w=65").status == 503)
                renderer.hold(false)
                for try await answer in group { #expect(answer.status == 200) }
            }
            #expect(renderer.calls == 64)
        }
    }
}
