import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct NamedConfigurationTests {
    private static let bodies = [
        ("Metrics", #"{"Id":"all"}"#),
        ("Analytics", #"{"Id":"all","StorageClassAnalysis":{}}"#),
        (
            "Inventory",
            #"{"Id":"all","IsEnabled":true,"IncludedObjectVersions":"All","Schedule":{"Frequency":"Daily"},"#
                + #""Destination":{"S3BucketDestination":{"Bucket":"arn:aws:s3:::reports","Format":"CSV"}}}"#
        ),
        (
            "IntelligentTiering",
            #"{"Id":"all","Status":"Enabled","Tierings":[{"Days":90,"AccessTier":"ARCHIVE_ACCESS"}]}"#
        ),
    ]

    private func input(_ more: String = "", id: String = "all") -> String {
        #"{"Bucket":"pictures","Id":"\#(id)"\#(more)}"#
    }

    @Test("Configurations are kept by name, listed in pages, and answered as they came", arguments: bodies)
    func life(kind: String, body: String) async throws {
        let name = "\(kind)Configuration"
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            #expect(try await s3.error("GetBucket\(name)", input())?.code == "NoSuchConfiguration")
            try await s3.call("PutBucket\(name)", input(#","\#(name)":\#(body)"#))
            let kept = try await s3.call("GetBucket\(name)", input())[name]
            #expect(kept.map { String(decoding: $0.rawBytes, as: UTF8.self) } == body)
            let wrong = input(#","\#(name)":\#(body)"#, id: "other")
            #expect(try await s3.error("PutBucket\(name)", wrong)?.code == "InvalidArgument")
            for number in 100..<202 {
                let more = #","\#(name)":\#(body.replacing(#""all""#, with: #""c\#(number)""#))"#
                try await s3.call("PutBucket\(name)", input(more, id: "c\(number)"))
            }
            let first = try await s3.call("ListBucket\(name)s", #"{"Bucket":"pictures"}"#)
            let token = try #require(first["NextContinuationToken"]?.string)
            let rest = try await s3.call(
                "ListBucket\(name)s", #"{"Bucket":"pictures","ContinuationToken":"\#(token)"}"#)
            let counts = [first, rest].map { $0["\(name)List"]?.elements.map { _ in 1 }.count }
            #expect(counts == [100, 3] && rest["IsTruncated"]?.bool == false)
            try await s3.call("DeleteBucket\(name)", input())
            #expect(try await s3.error("DeleteBucket\(name)", input())?.code == "NoSuchConfiguration")
            try await s3.call("DeleteBucket", #"{"Bucket":"pictures"}"#)
        }
    }

    @Test("Archive tiers begin after AWS's number of days at the earliest")
    func tierings() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            for (tier, days) in [("ARCHIVE_ACCESS", 89), ("DEEP_ARCHIVE_ACCESS", 179), ("ARCHIVE_ACCESS", 731)] {
                let body =
                    #"{"Id":"all","Status":"Enabled","Tierings":[{"Days":\#(days),"AccessTier":"\#(tier)"}]}"#
                let given = input(#","IntelligentTieringConfiguration":\#(body)"#)
                #expect(
                    try await s3.error("PutBucketIntelligentTieringConfiguration", given)?.code == "InvalidArgument")
            }
        }
    }

    @Test("A bucket tells whether it asked for faster transfers; names with periods cannot")
    func acceleration() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.createBucket("with.periods")
            #expect(try await s3.call("GetBucketAccelerateConfiguration", #"{"Bucket":"pictures"}"#)["Status"] == nil)
            let on = #","AccelerateConfiguration":{"Status":"Enabled"}}"#
            try await s3.call("PutBucketAccelerateConfiguration", #"{"Bucket":"pictures""# + on)
            let answer = try await s3.call("GetBucketAccelerateConfiguration", #"{"Bucket":"pictures"}"#)
            #expect(answer["Status"]?.string == "Enabled")
            let refusal = try await s3.error("PutBucketAccelerateConfiguration", #"{"Bucket":"with.periods""# + on)
            #expect(refusal?.code == "InvalidRequest")
        }
    }
}
