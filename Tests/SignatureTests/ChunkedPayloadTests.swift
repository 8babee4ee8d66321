import Bytes
import Crypto
import HTTPTypes
import TestSupport
import Testing
import Time

@testable import AWSSignature

@Suite("aws-chunked bodies")
struct ChunkedPayloadTests {
    typealias Example = SignedExample
    private static let scope = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
    private static let day = Timestamp(iso8601Basic: "20130524T000000Z") ?? Example.now

    /// The example of AWS's documentation: 65 KiB of `a` in chunks of 64 KiB, 1 KiB and nothing.
    private func documented(trailer: Bool) -> (head: RequestHead, body: [UInt8]) {
        var head = RequestHead(
            method: "PUT", target: "/examplebucket/chunkObject.txt",
            fields: [
                "Host": "s3.amazonaws.com", "x-amz-date": "20130524T000000Z",
                "x-amz-storage-class": "REDUCED_REDUNDANCY",
                "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD\(trailer ? "-TRAILER" : "")",
                "Content-Encoding": "aws-chunked", "x-amz-decoded-content-length": "66560",
            ])
        if trailer {
            head.fields["x-amz-trailer"] = "x-amz-checksum-crc32c"
        } else {
            head.fields["Content-Length"] = "66824"
        }
        let names = head.fields.map { $0.name.asciiLowercased }.sorted().joined(separator: ";")
        let seed =
            trailer
            ? "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
            : "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
        head.fields["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(Self.scope),SignedHeaders=\(names),Signature=\(seed)"
        let signatures =
            trailer
            ? [
                "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
                "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
                "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
            ]
            : [
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
            ]
        var body: [UInt8] = []
        for (size, signature) in zip([65_536, 1024], signatures) {
            body += Array("\(String(size, radix: 16));chunk-signature=\(signature)\r\n".utf8)
            body += [UInt8](repeating: UInt8(ascii: "a"), count: size) + Array("\r\n".utf8)
        }
        body += Array("0;chunk-signature=\(signatures[2])\r\n".utf8)
        if trailer {
            body += Array("x-amz-checksum-crc32c:sOO8/Q==\r\n".utf8)
            body += Array(
                "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n".utf8)
        }
        return (head, body + Array("\r\n".utf8))
    }

    private func read(_ head: RequestHead, _ body: [UInt8], pieces: Int = 8000) async throws -> [UInt8] {
        let signed = try Example.parse(head)
        let key = Example.key(for: signed)
        try signed.verify(head, body: nil, key: key, now: Self.day)
        let sent = ByteStream.arriving(body, size: pieces, isLengthKnown: true)
        let plain = try VerifiedBody.stream(sent, of: head, signed: signed, key: key)
        return try await plain.collect(upTo: 1 << 20)
    }

    @Test(
        "AWS's documented examples decode, however the pieces fall", arguments: [1, 7, 8192, 65_536, 1 << 20],
        [false, true])
    func examples(pieces: Int, trailer: Bool) async throws {
        let (head, body) = documented(trailer: trailer)
        let plain = try await read(head, body, pieces: pieces)
        #expect(plain == [UInt8](repeating: UInt8(ascii: "a"), count: 66_560))
    }

    @Test("An altered byte of data, of a chunk's signature, of a trailer or its signature is refused")
    func altered() async throws {
        let (head, body) = documented(trailer: true)
        let text = String(decoding: body.suffix(300), as: UTF8.self)
        let positions = [
            1000, 65_536, 66_000, 30, body.count - 20,
            body.count - text.utf8.count
                + text.utf8.distance(
                    from: text.startIndex, to: try #require(text.range(of: "sOO8")).lowerBound),
        ]
        for position in positions {
            var altered = body
            altered[position] ^= 1
            await #expect(throws: SignatureError.self) { try await read(head, altered) }
        }
    }

    @Test("A body cut anywhere is refused")
    func truncated() async throws {
        let (head, body) = documented(trailer: true)
        for cut in [0, 1, 50, 70_000, 66_700, body.count - 200, body.count - 3, body.count - 1] where cut < body.count {
            await #expect(throws: SignatureError.payload(.incomplete)) { try await read(head, Array(body.prefix(cut))) }
        }
        await #expect(throws: SignatureError.payload(.framing)) { try await read(head, body + [0]) }
    }

    private func unsigned(_ body: String, length: Int, trailer: String) async throws -> String {
        let head = Example.head(
            "PUT", "/key",
            [
                "X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Trailer": trailer,
                "X-Amz-Decoded-Content-Length": "\(length)",
            ])
        let plain = try VerifiedBody.stream(ByteStream(Array(body.utf8)), of: head, signed: nil, key: nil)
        return String(decoding: try await plain.collect(upTo: 1 << 20), as: UTF8.self)
    }

    @Test(
        "Unsigned chunks are held against their trailing checksum",
        arguments: [
            ("x-amz-checksum-crc32", Base64.string(CRC32.hash("hello world"))),
            ("x-amz-checksum-crc32c", Base64.string(CRC32C.hash("hello world"))),
            ("x-amz-checksum-crc64nvme", Base64.string(CRC64NVME.hash("hello world"))),
            ("x-amz-checksum-sha1", Base64.string(SHA1.hash("hello world"))),
            ("x-amz-checksum-sha256", Base64.string(SHA256.hash("hello world"))),
        ])
    func unsignedTrailer(name: String, checksum: String) async throws {
        let frames = "6\r\nhello \r\n5\r\nworld\r\n0\r\n"
        #expect(try await unsigned("\(frames)\(name):\(checksum)\r\n\r\n", length: 11, trailer: name) == "hello world")
        await #expect(throws: SignatureError.payload(.checksum(name: name))) {
            try await unsigned("\(frames)\(name):AAAA\(checksum)\r\n\r\n", length: 11, trailer: name)
        }
        await #expect(throws: SignatureError.payload(.trailer)) {
            try await unsigned("\(frames)\r\n", length: 11, trailer: name)
        }
        await #expect(throws: SignatureError.payload(.trailer)) {
            try await unsigned("\(frames)x-other:1\r\n\(name):\(checksum)\r\n\r\n", length: 11, trailer: name)
        }
        await #expect(throws: SignatureError.payload(.incomplete)) {
            try await unsigned("\(frames)\(name):\(checksum)\r\n\r\n", length: 12, trailer: name)
        }
        await #expect(throws: SignatureError.payload(.incomplete)) {
            try await unsigned("\(frames)\(name):\(checksum)\r\n\r\n", length: 10, trailer: name)
        }
    }

    @Test(
        "Framing that is not aws-chunked is refused",
        arguments: [
            "hello", "\r\n", "-1\r\n", "fffffffff\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhelloXX0\r\n\r\n", "5;x\r\nhell",
        ])
    func framing(body: String) async {
        await #expect(throws: SignatureError.self) { try await unsigned(body, length: 5, trailer: "") }
    }

    @Test(
        "A body of a stated digest is verified while it streams, in small pieces and in large",
        arguments: [9999, 100_000])
    func statedDigest(piece: Int) async throws {
        let body = [UInt8](repeating: 7, count: 300_000)
        let head = Example.signer("s3").sign(Example.head("PUT", "/key"), body: body, at: Example.now)
        let signed = try Example.parse(head)
        let key = Example.key(for: signed)
        try signed.verify(head, body: nil, key: key, now: Example.now)
        func read(_ body: [UInt8]) async throws -> [UInt8] {
            try await VerifiedBody.stream(
                .arriving(body, size: piece, isLengthKnown: true), of: head, signed: signed, key: key
            )
            .collect(upTo: 1 << 20)
        }
        #expect(try await read(body) == body)
        await #expect(throws: SignatureError.self) { try await read(body + [7]) }
        await #expect(throws: SignatureError.self) { try await read(Array(body.dropLast())) }
    }

    @Test("Mutated bodies are refused and never crash")
    func fuzz() async throws {
        var random = SeededGenerator(seed: 7)
        let good = Array("6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n".utf8)
        #expect(
            try await unsigned(String(decoding: good, as: UTF8.self), length: 11, trailer: "x-amz-checksum-crc32")
                == "hello world")
        for _ in 0..<3000 {
            let body = random.mutate(good)
            var decoder = ChunkedPayload(
                signatures: nil, declaredCount: 11, trailerNames: ["x-amz-checksum-crc32"], hasTrailer: true)
            let split = Int.random(in: 0...body.count, using: &random)
            do {
                var plain = try decoder.consume(Array(body[..<split]))
                plain += try decoder.consume(Array(body[split...]))
                try decoder.finish()
                #expect(plain == Array("hello world".utf8))
            } catch {
                #expect(throws: SignatureError.self) { try decoder.finish() }
            }
        }
    }
}
