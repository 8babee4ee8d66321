import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct ObjectTests {
    @Test(
        "What is put comes back, in the row or in a file, after a restart too",
        arguments: [0, 1, 32 << 10, 32 << 10 + 1, 3_000_000])
    func roundTrip(_ size: Int) async throws {
        let bytes = testBytes(size)
        try await TemporaryFolder.with { folder in
            try await S3Fixture.with(folder) { s3 in
                try await s3.createBucket()
                let answer = try await s3.put(
                    "dir/ä &.bin", bytes, #","ContentType":"image/png","Metadata":{"Who":"me"}"#)
                #expect(answer["ETag"]?.string == "\"\(Hex.string(MD5.hash(bytes)))\"")
                #expect(answer["ChecksumCRC64NVME"]?.string == Base64.string(CRC64NVME.hash(bytes)))
            }
            try await S3Fixture.with(folder) { s3 in
                let (head, body) = try await s3.get("dir/ä &.bin")
                #expect(body == bytes)
                #expect(head["ContentLength"]?.int64 == Int64(size))
                #expect(head["ContentType"]?.string == "image/png")
                #expect(head["Metadata", "who"]?.string == "me")
                #expect(head["ETag"]?.string == "\"\(Hex.string(MD5.hash(bytes)))\"")
            }
        }
    }

    @Test("The bytes of an overwritten or deleted object leave the disk")
    func filesAreRemoved() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("a", testBytes(100_000))
            try await s3.put("a", testBytes(200_000))
            try await s3.host.until { try FolderListing.names(in: "\(s3.folder)/objects/bytes").count == 1 }
            try await s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"a"}"#)
            try await s3.host.until { try FolderListing.names(in: "\(s3.folder)/objects/bytes").isEmpty }
            #expect(try await s3.error("GetObject", #"{"Bucket":"pictures","Key":"a"}"#)?.code == "NoSuchKey")
        }
    }

    @Test("A reader keeps reading what it began while the object is overwritten")
    func overwrittenWhileRead() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let old = testBytes(2_000_000)
            try await s3.put("a", old)
            let (_, stream) = try await s3.host.reply("s3", "GetObject", #"{"Bucket":"pictures","Key":"a"}"#)
            try await s3.put("a", [1, 2, 3])
            try await s3.host.until { try FolderListing.names(in: "\(s3.folder)/objects/bytes").isEmpty }
            #expect(try await stream?.collect(upTo: 1 << 30) == old)
        }
    }

    @Test(
        "A body that is not what was declared is refused and leaves nothing behind",
        arguments: [
            (#","ContentMD5":"AAAAAAAAAAAAAAAAAAAAAA==""#, "BadDigest"),
            (#","ContentMD5":"nonsense""#, "InvalidDigest"),
            (#","ChecksumCRC32":"AAAAAA==""#, "BadDigest"), (#","ChecksumSHA256":"AAAA""#, "InvalidRequest"),
            (#","ChecksumCRC32C":"AAAAAA==","ChecksumCRC32":"AAAAAA==""#, "InvalidRequest"),
        ])
    func badDigests(_ claim: String, _ code: String) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let bytes = testBytes(100_000)
            let input = #"{"Bucket":"pictures","Key":"a","ContentLength":100000\#(claim)}"#
            #expect(try await s3.error("PutObject", input, body: bytes)?.code == code)
            #expect(try await s3.keys().isEmpty)
            try await s3.host.until { try FolderListing.names(in: "\(s3.folder)/objects/bytes").isEmpty }
        }
    }

    @Test("A body shorter than its declared length is incomplete")
    func shortBody() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let input = #"{"Bucket":"pictures","Key":"a","ContentLength":5}"#
            #expect(try await s3.error("PutObject", input, body: [1, 2])?.code == "IncompleteBody")
        }
    }

    @Test("Each checksum is verified, stored and answered where asked", arguments: ChecksumAlgorithm.allCases)
    func checksums(_ algorithm: ChecksumAlgorithm) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let bytes = testBytes(1000)
            var sum = algorithm.start()
            sum.update(bytes)
            let value = Base64.string(sum.finalize())
            try await s3.put("a", bytes, #","\#(algorithm.member)":"\#(value)""#)
            let (asked, _) = try await s3.get("a", #","ChecksumMode":"ENABLED""#)
            #expect(asked[algorithm.member]?.string == value)
            #expect(asked["ChecksumType"]?.string == "FULL_OBJECT")
            let (unasked, _) = try await s3.get("a")
            #expect(unasked[algorithm.member] == nil)
        }
    }

    @Test(
        "Ranges are answered as RFC 9110 reads them",
        arguments: [
            ("bytes=0-0", 0..<1, true), ("bytes=10-19", 10..<20, true), ("bytes=99990-", 99_990..<100_000, true),
            ("bytes=-5", 99_995..<100_000, true), ("bytes=99999-200000", 99_999..<100_000, true),
            ("bytes=5-4", 0..<100_000, false), ("bytes=0-1,3-4", 0..<100_000, false), ("lines=1-2", 0..<100_000, false),
        ])
    func ranges(_ header: String, _ expected: Range<Int>, _ isPartial: Bool) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let bytes = testBytes(100_000)
            try await s3.put("a", bytes)
            let (head, body) = try await s3.get("a", #","Range":"\#(header)""#)
            #expect(body == Array(bytes[expected]))
            let range = "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/100000"
            #expect(head["ContentRange"]?.string == (isPartial ? range : nil))
        }
    }

    @Test("A range behind the end is not satisfiable")
    func unsatisfiableRange() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("a", [1, 2, 3])
            let input = #"{"Bucket":"pictures","Key":"a","Range":"bytes=3-"}"#
            let error = try await s3.error("GetObject", input)
            #expect(error?.code == "InvalidRange")
            #expect(error?.status == 416)
        }
    }

    @Test("Conditions of reads hold in S3's order")
    func readConditions() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let etag = Hex.string(MD5.hash([1]))
            try await s3.put("a", [1])
            func status(_ more: String) async throws -> Int {
                try await s3.error("GetObject", #"{"Bucket":"pictures","Key":"a",\#(more)}"#)?.status ?? 200
            }
            let now = s3.host.clock.now.seconds
            #expect(try await status(#""IfMatch":"\"\#(etag)\"""#) == 200)
            #expect(try await status(#""IfMatch":"\"other\"""#) == 412)
            #expect(try await status(#""IfNoneMatch":"\"\#(etag)\"""#) == 304)
            #expect(try await status(#""IfNoneMatch":"*""#) == 304)
            #expect(try await status(#""IfNoneMatch":"\"other\"""#) == 200)
            #expect(try await status(#""IfModifiedSince":\#(now)"#) == 304)
            #expect(try await status(#""IfModifiedSince":\#(now - 1)"#) == 200)
            #expect(try await status(#""IfUnmodifiedSince":\#(now - 1)"#) == 412)
            #expect(try await status(#""IfMatch":"\"\#(etag)\"","IfUnmodifiedSince":\#(now - 1)"#) == 200)
            #expect(try await status(#""IfNoneMatch":"\"other\"","IfModifiedSince":\#(now)"#) == 200)
        }
    }

    @Test("Of many who create a key only if it is not there, one wins")
    func createOnce() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let won = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do {
                            try await s3.put("a", [UInt8(number)], #","IfNoneMatch":"*""#)
                            return true
                        } catch let error as ServiceError where error.status == 412 { return false }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
            #expect(
                try await s3.error("PutObject", #"{"Bucket":"pictures","Key":"a","IfMatch":"\"x\""}"#, body: [])?.status
                    == 412)
        }
    }

    @Test("A caller may choose the headers of the answer, but not without credentials")
    func overrides() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("a", [1])
            let more = #","ResponseContentType":"text/x","ResponseCacheControl":"no-store""#
            let (head, _) = try await s3.get("a", more)
            #expect(head["ContentType"]?.string == "text/x")
            #expect(head["CacheControl"]?.string == "no-store")
            let input = #"{"Bucket":"pictures","Key":"a"\#(more)}"#
            let error = try await s3.host.error(of: "s3", "GetObject", input, as: .anonymous)
            #expect(error?.code == "InvalidRequest")
        }
    }

    @Test("Limits on keys, metadata and tags are S3's")
    func limits() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            func code(_ key: String, _ more: String = "") async throws -> String? {
                try await s3.error("PutObject", #"{"Bucket":"pictures","Key":"\#(key)"\#(more)}"#, body: [])?.code
            }
            #expect(try await code(String(repeating: "ä", count: 512)) == nil)
            #expect(try await code(String(repeating: "ä", count: 513)) == "KeyTooLongError")
            let long = String(repeating: "x", count: 2048)
            #expect(try await code("a", #","Metadata":{"a":"\#(long)"}"#) == "MetadataTooLarge")
            #expect(try await code("a", #","Tagging":"a=1&a=2""#) == "InvalidTag")
            let eleven = (0..<11).map { "k\($0)=v" }.joined(separator: "&")
            #expect(try await code("a", #","Tagging":"\#(eleven)""#) == "BadRequest")
            #expect(try await code("a", #","SSECustomerAlgorithm":"AES256""#) == "InvalidArgument")
            #expect(try await code("a", #","ACL":"public-read""#) == "AccessControlListNotSupported")
        }
    }

    @Test("Tags are kept, replaced and removed")
    func tags() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("a", [1], #","Tagging":"colour=dark%20red&empty=""#)
            let reference = #""Bucket":"pictures","Key":"a""#
            let tags = try await s3.call("GetObjectTagging", "{\(reference)}")
            #expect(tags["TagSet"]?.elements.map { $0["Value"]?.string } == ["dark red", ""])
            #expect(try await s3.get("a").head["TagCount"]?.int64 == 2)
            try await s3.call("PutObjectTagging", #"{\#(reference),"Tagging":{"TagSet":[{"Key":"b","Value":"c"}]}}"#)
            #expect(try await s3.get("a").head["TagCount"]?.int64 == 1)
            try await s3.call("DeleteObjectTagging", "{\(reference)}")
            #expect(try await s3.get("a").head["TagCount"] == nil)
        }
    }

    @Test("Several objects are deleted in one request; those that are not there count as deleted")
    func deleteMany() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            for key in ["a", "b", "c"] { try await s3.put(key, [1]) }
            let input = #"{"Bucket":"pictures","Delete":{"Objects":[{"Key":"a"},{"Key":"c"},{"Key":"missing"}]}}"#
            let answer = try await s3.call("DeleteObjects", input)
            #expect(answer["Deleted"]?.elements.compactMap { $0["Key"]?.string } == ["a", "c", "missing"])
            #expect(try await s3.keys() == ["b"])
        }
    }
}
