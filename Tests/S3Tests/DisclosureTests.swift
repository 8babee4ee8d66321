import ServiceKit
import TestSupport
import Testing

@testable import S3

/// Denies what it was made with, on any resource.
private struct Denying: Authorizer {
    let action: String
    var suffix = ""

    func require(_ permission: Permission, of service: AWSService, operation: String, in call: Call) async throws {
        guard permission.action == action, permission.resource.hasSuffix(suffix) else { return }
        throw ServiceError("AccessDenied", "no", status: 403)
    }
}

@Suite struct DisclosureTests {
    @Test("Whether a key exists is told to those alone who may list the bucket")
    func missingKeys() async throws {
        let named = #"{"Bucket":"pictures","Key":"missing"}"#
        for operation in ["GetObject", "HeadObject"] {
            try await S3Fixture.with { s3 in
                try await s3.createBucket()
                #expect(try await s3.error(operation, named)?.code == "NoSuchKey")
            }
            try await S3Fixture.with(authorizer: Denying(action: "s3:ListBucket")) { s3 in
                try await s3.createBucket()
                try await s3.put("there", [1])
                let error = try await s3.error(operation, named)
                #expect(error?.code == "AccessDenied" && error?.status == 403)
                #expect(try await s3.get("there").bytes == [1])
            }
        }
    }

    @Test("Of many keys those are deleted that the caller may delete; the answer names the others")
    func manyKeys() async throws {
        try await S3Fixture.with(authorizer: Denying(action: "s3:DeleteObject", suffix: "/mine")) { s3 in
            try await s3.createBucket()
            for key in ["mine", "yours"] { try await s3.put(key, [1]) }
            let answer = try await s3.call(
                "DeleteObjects",
                #"{"Bucket":"pictures","Delete":{"Objects":[{"Key":"mine"},{"Key":"yours"}]}}"#)
            #expect(answer["Deleted"]?.elements.map { $0["Key"]?.string } == ["yours"])
            let error = answer["Errors"]?.elements.first { _ in true }
            #expect(error?["Key"]?.string == "mine" && error?["Code"]?.string == "AccessDenied")
            #expect(try await s3.keys() == ["mine"])
        }
    }

    @Test("A bucket goes with its unfinished uploads, and their bytes with it")
    func unfinishedUploads() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let begun = try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"a"}"#)
            let id = begun["UploadId"]?.string ?? ""
            try await s3.call(
                "UploadPart", #"{"Bucket":"pictures","Key":"a","UploadId":"\#(id)","PartNumber":1}"#,
                body: testBytes(50_000))
            try await s3.call("DeleteBucket", #"{"Bucket":"pictures"}"#)
            try await s3.host.until { try FolderListing.names(in: "\(s3.folder)/objects/bytes").isEmpty }
        }
    }
}
