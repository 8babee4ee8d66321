import ServiceKit
import Testing

@testable import S3

@Suite("A visitor's request for an image")
struct ImageRequestTests {
    private func request(_ query: String, _ tag: String = "on", accept: String? = nil) throws -> ImageRequest? {
        try ImageRequest(query: query, accept: accept, rules: ImageRules(tag))
    }

    private func refusal(_ query: String, _ tag: String = "on") -> ServiceError? {
        do {
            _ = try request(query, tag)
            return nil
        } catch {
            return error as? ServiceError
        }
    }

    @Test("All five parameters are read; others are passed over")
    func parameters() throws {
        let asked = try #require(try request("v=3&w=640&h=480&fit=inside&format=jpg&q=7&w2=x"))
        #expect(asked.width == 640 && asked.height == 480 && asked.fit == .inside)
        #expect(asked.format == "jpeg" && asked.quality == 7 && !asked.isNegotiated)
    }

    @Test(
        "A query that names neither an edge nor a format asks for no image",
        arguments: ["", "v=1", "q=cats", "fit=x", "&&=", "W=3"])
    func none(query: String) throws {
        #expect(try request(query) == nil)
    }

    @Test(
        "What is not allowed answers 400 and names the parameter",
        arguments: [
            ("w=0", "on", "w"), ("w=-1", "on", "w"), ("w=x", "on", "w"), ("w=", "on", "w"), ("w", "on", "w"),
            ("w=1e3", "on", "w"), ("w=%2B5", "on", "w"), ("w=2049", "on", "w"), ("w=5&w=5", "on", "w"),
            ("w=99999999999999999999", "on", "w"), ("w=5&h=5000", "on", "h"), ("w=5&q=101", "on", "q"),
            ("w=5&q=0", "on", "q"), ("w=5&fit=squeeze", "on", "fit"), ("format=bmp", "on", "format"),
            ("w=%zz", "on", "w"), ("w=%ff", "on", "w"), ("w=641", "w=320:640", "w"), ("w=15", "w=16-20", "w"),
            ("format=avif", "format=jpeg:webp", "format"), ("w=5&fit=fill", "fit=cover", "fit"),
            ("w=5&q=91", "q=40-90", "q"),
        ])
    func refused(query: String, tag: String, name: String) throws {
        let error = try #require(refusal(query, tag))
        #expect(error.code == "InvalidArgument" && error.status == 400)
        #expect(error.message.hasPrefix("\(name) must be "))
        #expect(String(decoding: error.members, as: UTF8.self).contains(#""ArgumentName":"\#(name)""#))
    }

    @Test(
        "A tag that is not understood allows nothing, and says where",
        arguments: [
            ("width=320", "width=320"), ("w=", "w="), ("w=0-5", "w=0-5"), ("w=5-4", "w=5-4"), ("w=1-5000", "w=1-5000"),
            ("w=320,640", "w=320,640"), ("format=bmp", "format=bmp"), ("on fit=all", "fit=all"), ("yes", "yes"),
            ("q=200", "q=200"),
        ])
    func badTag(tag: String, word: String) throws {
        let error = try #require(refusal("w=320", tag))
        #expect(error.code == "InvalidRequest" && error.message.hasSuffix(word))
    }

    @Test(
        "A bucket's bounds let in what they name",
        arguments: [
            ("w=640", "w=320:640"), ("w=16&h=1080", "w=16-20 h=1-1080"), ("w=4096", "w=1-4096"),
            ("w=9&format=jpg", "format=jpeg q=5"),
        ])
    func allowed(query: String, tag: String) throws {
        #expect(try request(query, tag) != nil)
    }

    @Test("The best format that the visitor names and the bucket allows is chosen")
    func negotiation() throws {
        let chrome = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
        func format(_ accept: String?, _ tag: String = "on") throws -> String? {
            let asked = try request("format=auto", tag, accept: accept)
            #expect(asked?.isNegotiated == true)
            return asked?.format
        }
        #expect(try format(chrome) == "avif")
        #expect(try format(chrome, "format=auto:webp") == "webp")
        #expect(try format(chrome, "format=auto") == "plain")
        #expect(try format("image/avif;q=0, IMAGE/WEBP ; q=0.1") == "webp")
        #expect(try format("image/avif; q=0.000") == "plain")
        #expect(try format("*/*") == "plain")
        #expect(try format(nil) == "plain")
    }

    @Test("What may move is never made an AVIF by negotiation, and a GIF stays one for those who take no WebP")
    func moving() throws {
        let chrome = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
        func format(_ accept: String?, _ key: String, _ type: String? = nil) throws -> String? {
            let source = ImageSource(key, type: type)
            return try ImageRequest(query: "format=auto", accept: accept, rules: ImageRules("on"), of: source)?.format
        }
        #expect(try format(chrome, "a.GIF") == "webp")
        #expect(try format(chrome, "a", "image/webp") == "webp")
        #expect(try format(chrome, "a.gif", "image/png") == "avif")
        #expect(try format(nil, "a.gif", "binary/octet-stream") == "source")
        #expect(try format(nil, "a.webp") == "plain")
    }

    @Test("Equal images have one name, others have others")
    func names() throws {
        let same = ["w=5&format=png", "format=png&w=5", "w=5&format=png&fit=fill", "x=1&w=5&format=png&fit=outside"]
        #expect(Set(try same.map { try request($0)?.name }).count == 1)
        let different = ["w=5", "h=5", "w=5&h=5", "w=5&h=5&fit=fill", "w=5&q=5", "w=5&format=png", "format=png"]
        #expect(Set(try different.map { try request($0)?.name }).count == different.count)
        let auto = try request("w=5&format=auto", accept: "image/webp")
        #expect(try auto?.name == request("w=5&format=webp")?.name)
    }

    @Test("Random queries are read or refused, never a trap")
    func garbage() {
        let alphabet = Array("w=h&q%fitormajpeg0159-+.".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<24)).compactMap { _ in alphabet.randomElement() }
            let query = String(decoding: bytes, as: UTF8.self)
            if let error = refusal(query) { #expect(error.status == 400) }
            _ = ImageRules(query)
        }
    }
}
