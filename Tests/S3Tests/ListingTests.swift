import ServiceKit
import Testing

@testable import S3

@Suite struct ListingTests {
    private func withKeys(_ keys: [String], _ body: (S3Fixture) async throws -> Void) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            for key in keys { try await s3.put(key, [1]) }
            try await body(s3)
        }
    }

    @Test("Keys are listed by their bytes, in pages that leave none out")
    func pages() async throws {
        let keys = (0..<25).map { "k\($0)" } + ["Z", "ä", "zz", "a/b"]
        try await withKeys(keys) { s3 in
            let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(try await s3.keys() == sorted)
            var (all, token): ([String], String?) = ([], nil)
            repeat {
                let more = token.map { #","ContinuationToken":"\#($0)""# } ?? ""
                let page = try await s3.call("ListObjectsV2", #"{"Bucket":"pictures","MaxKeys":4\#(more)}"#)
                all += page["Contents"]?.elements.compactMap { $0["Key"]?.string } ?? []
                token = page["NextContinuationToken"]?.string
                #expect(page["IsTruncated"]?.bool == (token != nil))
            } while token != nil
            #expect(all == sorted)
        }
    }

    @Test("A delimiter rolls keys up into folders, each counted once, also across pages")
    func folders() async throws {
        try await withKeys(["a", "b/1", "b/2", "b/c/3", "c", "d/1", "e/1", "e/2"]) { s3 in
            let page = try await s3.call("ListObjectsV2", #"{"Bucket":"pictures","Delimiter":"/"}"#)
            #expect(page["Contents"]?.elements.compactMap { $0["Key"]?.string } == ["a", "c"])
            #expect(page["CommonPrefixes"]?.elements.compactMap { $0["Prefix"]?.string } == ["b/", "d/", "e/"])
            #expect(page["KeyCount"]?.int64 == 5)
            var (all, token): ([String], String?) = ([], nil)
            repeat {
                let more = token.map { #","ContinuationToken":"\#($0)""# } ?? ""
                let page = try await s3.call(
                    "ListObjectsV2", #"{"Bucket":"pictures","Delimiter":"/","MaxKeys":1\#(more)}"#)
                all += page["Contents"]?.elements.compactMap { $0["Key"]?.string } ?? []
                all += page["CommonPrefixes"]?.elements.compactMap { $0["Prefix"]?.string } ?? []
                token = page["NextContinuationToken"]?.string
            } while token != nil
            #expect(all == ["a", "b/", "c", "d/", "e/"])
        }
    }

    @Test("A prefix and a delimiter list one folder; StartAfter begins behind a key")
    func oneFolder() async throws {
        try await withKeys(["a", "b/1", "b/2", "b/c/3", "c"]) { s3 in
            let page = try await s3.call("ListObjectsV2", #"{"Bucket":"pictures","Delimiter":"/","Prefix":"b/"}"#)
            #expect(page["Contents"]?.elements.compactMap { $0["Key"]?.string } == ["b/1", "b/2"])
            #expect(page["CommonPrefixes"]?.elements.compactMap { $0["Prefix"]?.string } == ["b/c/"])
            #expect(try await s3.keys(#","StartAfter":"b/2""#) == ["b/c/3", "c"])
            #expect(try await s3.keys(#","Prefix":"b""#) == ["b/1", "b/2", "b/c/3"])
            #expect(try await s3.keys(#","MaxKeys":0"#) == [])
        }
    }

    @Test("Names are encoded where asked, and the older listing pages by marker")
    func encodingAndMarkers() async throws {
        try await withKeys(["a b", "c+d/e"]) { s3 in
            #expect(try await s3.keys(#","EncodingType":"url""#) == ["a%20b", "c%2Bd/e"])
            let first = try await s3.call("ListObjects", #"{"Bucket":"pictures","MaxKeys":1,"Delimiter":"/"}"#)
            #expect(first["NextMarker"]?.string == "a b")
            let second = try await s3.call("ListObjects", #"{"Bucket":"pictures","Marker":"a b","Delimiter":"/"}"#)
            #expect(second["CommonPrefixes"]?.elements.compactMap { $0["Prefix"]?.string } == ["c+d/"])
        }
    }

    @Test("Two spellings of one letter are two keys")
    func spellings() async throws {
        try await withKeys(["\u{e9}", "e\u{301}"]) { s3 in
            #expect(try await s3.keys().count == 2)
            try await s3.call("DeleteObject", "{\"Bucket\":\"pictures\",\"Key\":\"\u{e9}\"}")
            #expect(try await s3.keys().map { Array($0.utf8) } == [Array("e\u{301}".utf8)])
        }
    }

    @Test("Versions are kept, listed newest first, hidden by a delete marker and brought back")
    func versions() async throws {
        try await withKeys(["a"]) { s3 in
            try await s3.call(
                "PutBucketVersioning", #"{"Bucket":"pictures","VersioningConfiguration":{"Status":"Enabled"}}"#)
            let second = try await s3.put("a", [2])["VersionId"]?.string
            #expect(second != nil)
            let marker = try await s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"a"}"#)
            #expect(marker["DeleteMarker"]?.bool == true)
            #expect(try await s3.keys() == [])
            #expect(try await s3.error("GetObject", #"{"Bucket":"pictures","Key":"a"}"#)?.code == "NoSuchKey")
            #expect(try await s3.get("a", #","VersionId":"\#(second ?? "")""#).bytes == [2])
            #expect(try await s3.get("a", #","VersionId":"null""#).bytes == [1])
            let list = try await s3.call("ListObjectVersions", #"{"Bucket":"pictures"}"#)
            #expect(list["Versions"]?.elements.compactMap { $0["VersionId"]?.string } == [second ?? "", "null"])
            #expect(list["DeleteMarkers"]?.elements.compactMap { $0["IsLatest"]?.bool } == [true])
            let id = marker["VersionId"]?.string ?? ""
            try await s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"a","VersionId":"\#(id)"}"#)
            #expect(try await s3.get("a").bytes == [2])
        }
    }

    @Test("Pages of versions leave none out")
    func versionPages() async throws {
        try await withKeys([]) { s3 in
            try await s3.call(
                "PutBucketVersioning", #"{"Bucket":"pictures","VersioningConfiguration":{"Status":"Enabled"}}"#)
            var put: [String] = []
            for key in ["a", "b", "c"] {
                for byte in 0..<3 { put.append(try await s3.put(key, [UInt8(byte)])["VersionId"]?.string ?? "") }
            }
            var (seen, marker): ([String], String?) = ([], "")
            while let more = marker {
                let page = try await s3.call("ListObjectVersions", #"{"Bucket":"pictures","MaxKeys":2\#(more)}"#)
                seen += page["Versions"]?.elements.compactMap { $0["VersionId"]?.string } ?? []
                marker = page["NextKeyMarker"]?.string.map {
                    #","KeyMarker":"\#($0)","VersionIdMarker":"\#(page["NextVersionIdMarker"]?.string ?? "")""#
                }
            }
            #expect(seen.count == 9)
            #expect(Set(seen) == Set(put))
        }
    }
}
