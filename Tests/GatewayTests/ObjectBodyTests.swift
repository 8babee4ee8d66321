import AWSSignature
import HTTPTypes
import ServiceKit
import Testing

@testable import Gateway

extension GatewayTests {
    @Suite struct ObjectBodyTests {
        @Test("An object's bytes reach the owner as a stream")
        func put() async throws {
            try await TestStack.with { stack in
                let head = RequestHead(method: "PUT", target: "/b/k", fields: ["Content-Length": "5"])
                let answer = try await stack.send(head, Array("hello".utf8), as: TestStack.key, for: "s3")
                #expect(answer.status == 200 && answer.fields["ETag"] == "k|hello|5|")
            }
        }

        @Test("A body other than the one that was signed is refused with S3's digest error")
        func alteredBody() async throws {
            try await TestStack.with { stack in
                var head = RequestHead(method: "PUT", target: "/b/k", fields: ["Host": "localhost"])
                head = Signer(TestStack.key, region: "eu-west-1", service: "s3").sign(
                    head, body: Array("hello".utf8), at: .now())
                let answer = try await stack.send(head, Array("jello".utf8))
                #expect(answer.status == 400 && answer.text.contains("<Code>XAmzContentSHA256Mismatch</Code>"))
            }
        }

        @Test(
            "Chunks and their framing are taken off, also where nobody's signature is verified",
            arguments: [false, true])
        func chunks(isOpen: Bool) async throws {
            try await TestStack.with(isOpen ? ["APUS_OPEN": "1"] : [:]) { stack in
                var head = RequestHead(
                    method: "PUT", target: "/b/k",
                    fields: [
                        "Host": "localhost", "Content-Encoding": "aws-chunked", "X-Amz-Decoded-Content-Length": "5",
                        "X-Amz-Trailer": "x-amz-checksum-crc32",
                    ])
                head = Signer(TestStack.key, region: "eu-west-1", service: "s3")
                    .sign(head, payload: .unsignedChunks, at: .now())
                let body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
                let answer = try await stack.send(head, Array(body.utf8))
                #expect(answer.fields["ETag"] == "k|hello|5|", "\(answer.text)")
                let broken = try await stack.send(head, Array(body.replacing("hello", with: "jello").utf8))
                #expect(broken.status == 400 && broken.text.contains("<Code>BadDigest</Code>"), "\(broken.text)")
            }
        }

        @Test("A presigned address gives the object until it expires")
        func presigned() async throws {
            try await TestStack.with { stack in
                let signer = Signer(TestStack.key, region: "eu-west-1", service: "s3")
                let head = RequestHead(method: "GET", target: "/b/k", fields: ["Host": "localhost:4566"])
                let answer = try await stack.send(signer.presign(head, expiresSeconds: 60, at: .now()))
                #expect(answer.status == 200 && answer.text == "hello" && answer.fields["Content-Type"] == "text/plain")
                let late = try await stack.send(signer.presign(head, expiresSeconds: 60, at: .now() - .seconds(61)))
                #expect(late.status == 403 && late.text.contains("Request has expired"))
            }
        }

        @Test(
            "A bucket in the host stands for one in the path",
            arguments: ["b.localhost:4566", "b.s3.eu-west-1.amazonaws.com"])
        func virtualHost(host: String) async throws {
            try await TestStack.with { stack in
                let head = RequestHead(method: "GET", target: "/k", fields: ["Host": host])
                let answer = try await stack.send(head, as: TestStack.key, for: "s3")
                #expect(answer.text == "hello")
            }
        }

        @Test("A missing object is S3's XML, without a body for HEAD")
        func missing() async throws {
            try await TestStack.with { stack in
                let answer = try await stack.send(
                    RequestHead(method: "GET", target: "/b/none"), as: TestStack.key, for: "s3")
                #expect(answer.status == 404 && answer.text.contains("<Code>NoSuchKey</Code>"))
                #expect(answer.text.contains("<Resource>/b/none</Resource>"))
            }
        }
    }
}
