import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct RequestPaymentTests {
    private static let other = Caller.root(of: "111111111111")

    private func refusal(
        _ s3: S3Fixture, _ operation: String, _ more: String, as caller: Caller = other
    ) async throws -> String? {
        do {
            try await s3.host.call("s3", operation, #"{"Bucket":"pictures"\#(more)}"#, as: caller)
            return nil
        } catch let error as ServiceError {
            return error.code
        }
    }

    private static let inputs = [
        ("GetObject", #","Key":"cat""#), ("HeadObject", #","Key":"cat""#), ("ListObjectsV2", ""), ("ListObjects", ""),
        ("ListObjectVersions", ""), ("GetObjectTagging", #","Key":"cat""#), ("DeleteObject", #","Key":"none""#),
        ("DeleteObjects", #","Delete":{"Objects":[{"Key":"none"}]}"#),
        ("CopyObject", #","Key":"copy","CopySource":"pictures/cat""#),
    ]

    @Test("Whoever should pay is let in only when they say that they will", arguments: inputs)
    func consent(operation: String, input: String) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("cat", [1, 2, 3])
            #expect(try await refusal(s3, operation, input) == nil)
            try await s3.call(
                "PutBucketRequestPayment",
                #"{"Bucket":"pictures","RequestPaymentConfiguration":{"Payer":"Requester"}}"#)
            #expect(try await refusal(s3, operation, input) == "AccessDenied")
            #expect(try await refusal(s3, operation, #"\#(input),"RequestPayer":"requester""#) == nil)
            #expect(
                try await refusal(s3, operation, #"\#(input),"RequestPayer":"requester""#, as: .anonymous)
                    == "AccessDenied")
            #expect(try await refusal(s3, operation, input, as: .root(of: TestHost.account)) == nil)
        }
    }

    @Test("Those who pay are told")
    func charged() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("cat", [1, 2, 3])
            try await s3.call(
                "PutBucketRequestPayment",
                #"{"Bucket":"pictures","RequestPaymentConfiguration":{"Payer":"Requester"}}"#)
            let input = #"{"Bucket":"pictures","Key":"cat","RequestPayer":"requester"}"#
            let answer = try await s3.host.call("s3", "HeadObject", input, as: Self.other)
            #expect(answer["RequestCharged"]?.string == "requester")
            #expect(try await s3.call("HeadObject", input)["RequestCharged"] == nil)
        }
    }

    private static let payer = #","RequestPayer":"requester""#
    private static let tellingInputs = [
        ("PutObject", #","Key":"new""#), ("CopyObject", #","Key":"copy","CopySource":"pictures/cat""#),
        ("GetObject", #","Key":"cat""#), ("GetObjectAcl", #","Key":"cat""#), ("ListObjectVersions", ""),
        ("GetObjectAttributes", #","Key":"cat","ObjectAttributes":["ETag"]"#),
        ("CreateMultipartUpload", #","Key":"big""#), ("ListMultipartUploads", ""),
        ("DeleteObject", #","Key":"none""#), ("DeleteObjects", #","Delete":{"Objects":[{"Key":"none"}]}"#),
        ("RestoreObject", #","Key":"cold","RestoreRequest":{"Days":1}"#),
    ]

    @Test("Every operation that has a word for it tells", arguments: tellingInputs)
    func chargedEverywhere(operation: String, input: String) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("cat", [1, 2, 3])
            try await s3.put("cold", [1], #","StorageClass":"GLACIER""#)
            try await s3.call(
                "PutBucketRequestPayment",
                #"{"Bucket":"pictures","RequestPaymentConfiguration":{"Payer":"Requester"}}"#)
            let whole = #"{"Bucket":"pictures"\#(input)\#(Self.payer)}"#
            let answer = try await s3.host.call(
                "s3", operation, whole, as: Self.other, body: operation == "PutObject" ? ByteStream([1]) : nil)
            #expect(answer["RequestCharged"]?.string == "requester")
        }
    }
}
