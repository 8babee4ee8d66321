import AWSSignature
import Crypto
import HTTPTypes
import ServiceKit
import Testing

@testable import Gateway

extension GatewayTests {
    @Suite struct StatedChecksumTests {
        private static let document = Array("<Delete><Object><Key>a</Key></Object></Delete>".utf8)

        private func refusal(_ fields: HTTPFields, of stack: TestStack) async throws -> TestAnswer {
            let head = RequestHead(method: "POST", target: "/b?delete", fields: fields)
            return try await stack.send(head, Self.document, as: TestStack.key, for: "s3")
        }

        @Test("A document to S3 is held against every checksum its head states", arguments: ChecksumAlgorithm.allCases)
        func documents(_ algorithm: ChecksumAlgorithm) async throws {
            try await TestStack.with { stack in
                let wrong = Base64.string([UInt8](repeating: 0, count: algorithm.byteCount))
                let other = try await refusal([algorithm.header: wrong], of: stack)
                #expect(other.status == 400 && other.text.contains("<Code>BadDigest</Code>"), "\(other.text)")
                let none = try await refusal([algorithm.header: "AA=="], of: stack)
                #expect(none.text.contains("<Message>Value for \(algorithm.header) header is invalid.</Message>"))
                var sum = algorithm.start()
                sum.update(Self.document)
                // The owner of these tests deletes nothing: it is what refuses now.
                let right = try await refusal([algorithm.header: Base64.string(sum.finalize())], of: stack)
                #expect(right.status == 501, "\(right.text)")
            }
        }

        @Test(
            "A deletion of many states a checksum of its list, and a true one",
            arguments: [
                (nil, "InvalidRequest"), ("nonsense", "InvalidDigest"), ("AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest"),
            ] as [(String?, String)])
        func deletions(_ digest: String?, _ code: String) async throws {
            try await TestStack.with { stack in
                var fields = HTTPFields()
                if let digest { fields.append("Content-MD5", digest) }
                let answer = try await refusal(fields, of: stack)
                #expect(answer.status == 400 && answer.text.contains("<Code>\(code)</Code>"), "\(answer.text)")
            }
        }

        @Test("Who names an algorithm sends a checksum, before the body or behind it")
        func named() async throws {
            try await TestStack.with { stack in
                func answer(_ method: String, _ target: String, _ fields: HTTPFields) async throws -> TestAnswer {
                    var fields = fields
                    fields.append("x-amz-sdk-checksum-algorithm", "SHA256")
                    let head = RequestHead(method: method, target: target, fields: fields)
                    return try await stack.send(head, Self.document, as: TestStack.key, for: "s3")
                }
                for (method, target) in [
                    ("PUT", "/b/k"), ("PUT", "/b/k?partNumber=1&uploadId=u"), ("POST", "/b?delete"),
                ] {
                    let refused = try await answer(method, target, [:])
                    #expect(refused.status == 400 && refused.text.contains("<Code>InvalidRequest</Code>"))
                    #expect(refused.text.contains("x-amz-sdk-checksum-algorithm specified, but no corresponding"))
                    var sum = ChecksumAlgorithm.sha256.start()
                    sum.update(Self.document)
                    let value = Base64.string(sum.finalize())
                    let good = try await answer(method, target, ["x-amz-checksum-sha256": value])
                    #expect(!good.text.contains("no corresponding"), "\(good.text)")
                }
                // What has no body to speak of may name what it likes.
                #expect(try await !answer("GET", "/b/k", [:]).text.contains("no corresponding"))
            }
        }

        @Test("What comes behind the body is computed by the owner unless the head names another algorithm")
        func trailing() {
            func named(_ fields: HTTPFields) -> String? {
                var fields = fields
                StatedChecksums.nameTrailing(in: &fields)
                return fields["x-amz-sdk-checksum-algorithm"]
            }
            #expect(named(["X-Amz-Trailer": "X-Amz-Checksum-XXHASH64"]) == "XXHASH64")
            #expect(named(["X-Amz-Trailer": "x-other, x-amz-checksum-md5"]) == "MD5")
            #expect(named(["X-Amz-Trailer": "x-amz-checksum-md4"]) == nil)
            #expect(named(["X-Amz-Trailer": "x-amz-checksum-md5", "x-amz-sdk-checksum-algorithm": "SHA1"]) == "SHA1")
        }

        @Test("A body of unknown length is nothing that S3 has, unless its head tells it")
        func unknownLength() async throws {
            try await TestStack.with { stack in
                let head = RequestHead(method: "PUT", target: "/b/k", fields: ["Transfer-Encoding": "chunked"])
                let answer = try await stack.send(head, Array("hello".utf8), as: TestStack.key, for: "s3")
                #expect(answer.status == 501 && answer.text.contains("<Code>NotImplemented</Code>"))
                #expect(answer.text.contains("<Header>Transfer-Encoding</Header>"))
            }
        }

        @Test("Eight kibibytes of header fields reach S3, and no more")
        func headers() async throws {
            try await TestStack.with { stack in
                func answer(to count: Int) async throws -> TestAnswer {
                    let fields: HTTPFields = ["X-Long": String(repeating: "x", count: count)]
                    let head = RequestHead(method: "GET", target: "/b/k", fields: fields)
                    return try await stack.send(head, as: TestStack.key, for: "s3")
                }
                #expect(try await answer(to: 7000).status == 200)
                let refused = try await answer(to: 8192)
                #expect(refused.status == 400 && refused.text.contains("<Code>RequestHeaderSectionTooLarge</Code>"))
                #expect(refused.text.contains("<MaxSizeAllowed>8192</MaxSizeAllowed>"))
                // A session's token counts for nothing: how long it is we decide.
                try S3Framing.check(["X-Amz-Security-Token": String(repeating: "x", count: 16_000)])
            }
        }

        @Test("What is too large to be read is refused in S3's words where what came of it is S3's")
        func oversized() async throws {
            try await TestStack.with { stack in
                func answer(_ method: String, _ target: String, _ fields: HTTPFields) async throws -> TestAnswer? {
                    let head = RequestHead(method: method, target: target, fields: fields)
                    guard let response = stack.pipeline.answer(toOversized: head) else { return nil }
                    return try await TestAnswer(response)
                }
                let host: HTTPFields = ["Host": "localhost:4566"]
                let refused = try await answer("PUT", "/b/k", host)
                #expect(refused?.status == 400)
                #expect(refused?.text.contains("<Code>RequestHeaderSectionTooLarge</Code>") == true)
                #expect(refused?.text.contains("<MaxSizeAllowed>8192</MaxSizeAllowed>") == true)
                #expect(try await answer("HEAD", "/", ["Host": "photos.s3.eu-west-1.amazonaws.com"])?.text == "")
                let signed = Signer(TestStack.key, region: "eu-west-1", service: "s3")
                    .sign(RequestHead(method: "GET", target: "/", fields: host), body: [], at: .now())
                #expect(try await answer("GET", "/", signed.fields)?.status == 400)
                // Another service's, a plane's, and what may be anybody's.
                #expect(try await answer("POST", "/", TestStack.getItem(host).fields) == nil)
                #expect(try await answer("GET", "/_apus/health", host) == nil)
                #expect(try await answer("GET", "/b/k", ["Host": "blog.example.org"]) == nil)
                #expect(try await answer("POST", "/", host) == nil)
            }
        }
    }
}
