import ServiceKit
import Testing

@testable import S3

@Suite struct CopyTests {
    @Test("A copy has the bytes and the metadata of its source and lives on its own", arguments: [10, 500_000])
    func copy(_ size: Int) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let bytes = testBytes(size)
            try await s3.put("dir/a b", bytes, #","ContentType":"image/png","Metadata":{"k":"v"},"Tagging":"t=1""#)
            let answer = try await s3.call(
                "CopyObject", #"{"Bucket":"pictures","Key":"copy","CopySource":"/pictures/dir/a%20b"}"#)
            #expect(answer["CopyObjectResult", "ETag"]?.string == "\"\(Hex.string(MD5.hash(bytes)))\"")
            try await s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"dir/a b"}"#)
            let (head, body) = try await s3.get("copy")
            #expect(body == bytes)
            #expect(head["ContentType"]?.string == "image/png")
            #expect(head["Metadata", "k"]?.string == "v")
            #expect(head["TagCount"]?.int64 == 1)
        }
    }

    @Test("REPLACE takes the metadata of the request, and makes a copy onto itself legal")
    func replace() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("a", [1], #","Metadata":{"k":"v"}"#)
            let onto = #""Bucket":"pictures","Key":"a","CopySource":"pictures/a""#
            #expect(try await s3.error("CopyObject", "{\(onto)}")?.code == "InvalidRequest")
            try await s3.call("CopyObject", #"{\#(onto),"MetadataDirective":"REPLACE","Metadata":{"new":"x"}}"#)
            let head = try await s3.get("a").head
            #expect(head["Metadata", "k"] == nil)
            #expect(head["Metadata", "new"]?.string == "x")
        }
    }

    @Test("A source that is missing, malformed or does not meet its conditions is refused")
    func badSources() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("a", [1])
            func code(_ source: String, _ more: String = "") async throws -> String? {
                try await s3.error(
                    "CopyObject", #"{"Bucket":"pictures","Key":"b","CopySource":"\#(source)"\#(more)}"#)?.code
            }
            #expect(try await code("pictures/missing") == "NoSuchKey")
            #expect(try await code("nobucket/a") == "NoSuchBucket")
            #expect(try await code("pictures") == "InvalidArgument")
            #expect(try await code("pictures/a", #","CopySourceIfMatch":"\"x\"""#) == "PreconditionFailed")
            let etag = Hex.string(MD5.hash([1]))
            #expect(try await code("pictures/a", #","CopySourceIfNoneMatch":"\"\#(etag)\"""#) == "PreconditionFailed")
        }
    }
}
