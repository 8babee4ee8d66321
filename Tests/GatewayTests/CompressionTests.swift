import Compression
import HTTPTypes
import Testing

@testable import Gateway

/// What DynamoDB was seen to make of the field by scylladb's `test_compressed_response.py`.
@Suite("What a client says of the codings it takes")
struct AcceptEncodingTests {
    @Test(
        "DynamoDB's choice is ours",
        arguments: [
            ("", nil), ("identity", nil), ("br", nil), ("x-gzip", nil), ("\"gzip\"", nil), ("gzip br", nil),
            ("gzip:q=1", nil), ("gzip, deflate", "gzip"), ("br, identity, deflate, gzip", "deflate"),
            ("GZIP, identity", "gzip"), ("dog, gzip ,, cat", "gzip"), ("gzip;q=0.8, deflate;q=0.5", "gzip"),
            ("br, gzip;q=0, deflate; q = 0.5 , identity;q=0", "deflate"), ("*", "gzip"), ("*, deflate;q=0.5", "gzip"),
            ("*, deflate", "deflate"), ("*, gzip;q=0.5", "deflate"), ("gzip ;q=0", nil), ("*;q=0", nil),
            ("*;q=0.5,identity", "gzip"), ("br;q=0.8,identity;q=0.5,*;q=0", nil), ("deflate;q=0.5, gzip;q=31", "gzip"),
            ("gzip;q=31,deflate;q=51", "gzip"), ("deflate;q=0.5, gzip;q=0.2", "deflate"),
            ("deflate;q=0.5, gzip;q=1;q=0.2", "gzip"), ("deflate;q=0.5,gzip;q=0.", "deflate"),
            ("deflate;q=0.5,gzip;q=0.x", "gzip"), ("deflate;q=-0.5,gzip;q=0.2", "gzip"), ("gzip;q= 0;q=1", nil),
            ("gzip;q =0;q=1", "gzip"), ("gzip;nq=0;q=1", nil), ("gzip;q=0, gzip;q=1, gzip;q=0", "gzip"),
            ("br,identity;q=0.5,gzip;q=0.0001", "gzip"),
        ] as [(String, String?)])
    func choice(_ field: String, _ coding: String?) {
        #expect(AcceptEncoding(field).preferred?.rawValue == coding, "\(field)")
    }
}

extension GatewayTests {
    @Suite struct CompressionTests {
        private static func head(_ fields: HTTPFields) -> RequestHead { TestStack.getItem(fields) }

        @Test("A compressed input reaches its owner expanded, signed as it was sent", arguments: ["gzip", "deflate"])
        func compressedInput(_ name: String) async throws {
            try await TestStack.with { stack in
                let coding = try #require(ContentCoding(name: name))
                let body = try Compressor.compress(TestStack.getItemBody, as: coding)
                let answer = try await stack.send(
                    Self.head(["Content-Encoding": name]), body, as: TestStack.key, for: "dynamodb")
                let plain = try await stack.send(
                    Self.head([:]), TestStack.getItemBody, as: TestStack.key, for: "dynamodb")
                #expect(answer.status == 200 && answer.text == plain.text)
            }
        }

        @Test("An input that is not what its coding says is refused, one that grows beyond the limit is too long")
        func damagedInput() async throws {
            try await TestStack.with { stack in
                let zeros = try Compressor.compress([UInt8](repeating: UInt8(ascii: " "), count: 20 << 20))
                let packed = try Compressor.compress(TestStack.getItemBody)
                for (name, body, status) in [
                    ("gzip", TestStack.getItemBody, 500), ("gzip", packed.dropLast(), 500), ("gzip", [], 500),
                    ("garbage", packed, 500), ("deflate", packed, 500), ("gzip", zeros, 413),
                ] {
                    let answer = try await stack.send(
                        Self.head(["Content-Encoding": name]), Array(body), as: TestStack.key, for: "dynamodb")
                    #expect(answer.status == status, "\(name) \(body.count)")
                }
            }
        }
    }
}
