import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct BucketTests {
    @Test("Documents with words that the schema does not have are malformed")
    func malformedDocuments() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let bucket = #"{"Bucket":"pictures","#
            let rule = #"{"Status":"enabled","Prefix":"a","Expiration":{"Days":1}}"#
            let cases = [
                ("PutBucketLifecycleConfiguration", #""LifecycleConfiguration":{"Rules":[\#(rule)]}"#, "MalformedXML"),
                ("PutBucketVersioning", #""VersioningConfiguration":{"Status":"enabled"}"#, "MalformedXML"),
                ("PutBucketAcl", #""AccessControlPolicy":{"Grants":[{"Permission":"ALL"}]}"#, "MalformedACLError"),
            ]
            for (operation, member, code) in cases {
                let error = try await s3.error(operation, bucket + member + "}")
                #expect(error?.code == code, "\(operation)")
            }
        }
    }

    @Test("A bucket is created, listed, found and deleted")
    func life() async throws {
        try await S3Fixture.with { s3 in
            #expect(try await s3.createBucket()["Location"]?.string == "/pictures")
            let list = try await s3.call("ListBuckets", "{}")
            #expect(list["Buckets"]?.elements.map { $0["Name"]?.string } == ["pictures"])
            #expect(try await s3.call("HeadBucket", #"{"Bucket":"pictures"}"#)["BucketRegion"]?.string == "us-east-1")
            #expect(try await s3.call("GetBucketLocation", #"{"Bucket":"pictures"}"#)["LocationConstraint"] == nil)
            try await s3.call("DeleteBucket", #"{"Bucket":"pictures"}"#)
            #expect(try await s3.error("HeadBucket", #"{"Bucket":"pictures"}"#)?.code == "NoSuchBucket")
        }
    }

    @Test(
        "Names against the rules are refused",
        arguments: ["ab", "Upper", "under_score", "-dash", "dot..dot", "192.168.5.4", "xn--name", "name-s3alias"])
    func badNames(_ name: String) async throws {
        try await S3Fixture.with { s3 in
            let error = try await s3.error("CreateBucket", #"{"Bucket":"\#(name)"}"#)
            #expect(error?.code == "InvalidBucketName")
        }
    }

    @Test("A bucket with an object in it is not deleted")
    func notEmpty() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("a", [1])
            let error = try await s3.error("DeleteBucket", #"{"Bucket":"pictures"}"#)
            #expect(error?.code == "BucketNotEmpty")
            #expect(error?.status == 409)
            try await s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"a"}"#)
            #expect(try await s3.error("DeleteBucket", #"{"Bucket":"pictures"}"#) == nil)
        }
    }

    @Test("Another account's bucket of the same name is in the way, one's own in us-east-1 is not")
    func nameTaken() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.createBucket()
            let error = try await s3.host.error(
                of: "s3", "CreateBucket", #"{"Bucket":"pictures"}"#, as: .root(of: "111111111111"))
            #expect(error?.code == "BucketAlreadyExists")
            let expected = #"{"Bucket":"pictures","ExpectedBucketOwner":"111111111111"}"#
            #expect(try await s3.error("HeadBucket", expected)?.status == 403)
        }
    }

    @Test(
        "A configuration that was never put answers S3's own error",
        arguments: [
            ("GetBucketTagging", "NoSuchTagSet"), ("GetBucketPolicy", "NoSuchBucketPolicy"),
            ("GetBucketCors", "NoSuchCORSConfiguration"), ("GetBucketWebsite", "NoSuchWebsiteConfiguration"),
            ("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
            ("GetBucketReplication", "ReplicationConfigurationNotFoundError"),
            ("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"),
        ])
    func missingConfiguration(_ operation: String, _ code: String) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let error = try await s3.error(operation, #"{"Bucket":"pictures"}"#)
            #expect(error?.code == code)
            #expect(error?.status == 404)
        }
    }

    @Test("Configurations come back as they were put, survive a restart, and are gone after their deletion")
    func configurations() async throws {
        try await TemporaryFolder.with { folder in
            try await S3Fixture.with(folder) { s3 in
                try await s3.createBucket()
                try await s3.call(
                    "PutBucketTagging", #"{"Bucket":"pictures","Tagging":{"TagSet":[{"Key":"team","Value":"red"}]}}"#)
                try await s3.call(
                    "PutBucketCors",
                    #"{"Bucket":"pictures","CORSConfiguration":{"CORSRules":[{"AllowedMethods":["GET"],"AllowedOrigins":["https://*.example.com"],"MaxAgeSeconds":60}]}}"#
                )
            }
            try await S3Fixture.with(folder) { s3 in
                let tags = try await s3.call("GetBucketTagging", #"{"Bucket":"pictures"}"#)
                #expect(
                    String(decoding: tags["TagSet"]?.rawBytes ?? [], as: UTF8.self)
                        == #"[{"Key":"team","Value":"red"}]"#)
                let cors = try await s3.call("GetBucketCors", #"{"Bucket":"pictures"}"#)
                #expect(cors["CORSRules"]?.elements.first { _ in true }?["MaxAgeSeconds"]?.int64 == 60)
                try await s3.call("DeleteBucketTagging", #"{"Bucket":"pictures"}"#)
                #expect(try await s3.error("GetBucketTagging", #"{"Bucket":"pictures"}"#)?.code == "NoSuchTagSet")
            }
        }
    }

    @Test("A new bucket blocks public policies until the block is taken away")
    func publicPolicy() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let statement =
                #"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::pictures/*\"}"#
            let put = #"{"Bucket":"pictures","Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[\#(statement)]}"}"#
            let error = try await s3.error("PutBucketPolicy", put)
            #expect(error?.code == "AccessDenied")
            #expect(error?.message.contains("BlockPublicPolicy") == true)
            try await s3.call("DeletePublicAccessBlock", #"{"Bucket":"pictures"}"#)
            try await s3.call("PutBucketPolicy", put)
            let status = try await s3.call("GetBucketPolicyStatus", #"{"Bucket":"pictures"}"#)
            #expect(status["PolicyStatus", "IsPublic"]?.bool == true)
        }
    }

    @Test("A policy about another bucket, or without principal, is malformed")
    func malformedPolicy() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            for statement in [
                #"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111111111111\"},\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::other/*\"}"#,
                #"{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::pictures\"}"#,
            ] {
                let put =
                    #"{"Bucket":"pictures","Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[\#(statement)]}"}"#
                #expect(try await s3.error("PutBucketPolicy", put)?.code == "MalformedPolicy")
            }
        }
    }

    @Test("Lifecycle dates are midnights")
    func lifecycleDates() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            for (seconds, code) in [(1_577_836_800, nil), (20_200_101, "InvalidArgument")] {
                let rule = #"{"Status":"Enabled","Prefix":"","Expiration":{"Date":\#(seconds)}}"#
                let error = try await s3.error(
                    "PutBucketLifecycleConfiguration",
                    #"{"Bucket":"pictures","LifecycleConfiguration":{"Rules":[\#(rule)]}}"#)
                #expect(error?.code == code)
            }
        }
    }
}
