import ServiceKit
import TestSupport
import Testing

@testable import S3

/// Nobody but roots may do anything of themselves.
private struct NoPolicies: PolicySource {
    func policies(of principal: String) async throws -> IdentityPolicies { IdentityPolicies(policies: []) }
}

/// Policies of table buckets and tables, where they count.
@Suite struct TablePolicyTests {
    private static let bucket = "arn:aws:s3tables:us-east-1:\(TestHost.account):bucket/aws-s3"
    private static let reader = Caller(
        .user, account: TestHost.account, arn: "arn:aws:iam::\(TestHost.account):user/reader", userID: "AIDAREADER")
    private static let named = #""tableBucketARN":"\#(bucket)","namespace":"b_pictures","name":"journal""#

    private func with(_ body: (TestHost) async throws -> Void) async throws {
        try await S3Fixture.with(authorizer: PolicyAuthorizer(source: NoPolicies())) { s3 in
            try await s3.createBucket()
            try await s3.call(
                "CreateBucketMetadataConfiguration",
                #"{"Bucket":"pictures","MetadataConfiguration":{\#(MetadataTests.journal)}}"#)
            try await body(s3.host)
        }
    }

    private func document(_ effect: String, _ action: String, _ resource: String, to principal: String) -> String {
        quoted(
            #"""
            {"Version":"2012-10-17","Statement":[{"Effect":"\#(effect)","Principal":\#(principal),"Action":"\#(action)",
             "Resource":"\#(resource)"}]}
            """#)
    }

    private static let toReader = #"{"AWS":"arn:aws:iam::\#(TestHost.account):user/reader"}"#

    @Test("A table bucket's policy lets a user at its tables, and a table's own takes it away again")
    func enforced() async throws {
        try await with { host in
            func code(_ operation: String, _ input: String = "{\(Self.named)}") async throws -> String? {
                try await host.error(of: "s3tables", operation, input, as: Self.reader)?.code
            }
            let table = try await host.call("s3tables", "GetTable", "{\(Self.named)}")["tableARN"]?.string ?? ""
            #expect(try await code("GetTable") == "AccessDeniedException")
            let allow = document("Allow", "s3tables:Get*", "\(Self.bucket)/*", to: Self.toReader)
            try await host.call(
                "s3tables", "PutTableBucketPolicy", #"{"tableBucketARN":"\#(Self.bucket)","resourcePolicy":\#(allow)}"#)
            #expect(try await code("GetTable") == nil)
            #expect(try await code("GetTable", #"{"tableArn":"\#(table)"}"#) == nil)
            #expect(try await code("GetTableEncryption") == nil)
            // Neither of the bucket itself, nor of other actions, was anything said.
            #expect(
                try await code("GetTableBucket", #"{"tableBucketARN":"\#(Self.bucket)"}"#) == "AccessDeniedException")
            #expect(try await code("DeleteTable") == "AccessDeniedException")
            let deny = document("Deny", "s3tables:GetTable", table, to: #""*""#)
            try await host.call("s3tables", "PutTablePolicy", #"{\#(Self.named),"resourcePolicy":\#(deny)}"#)
            #expect(try await code("GetTable") == "AccessDeniedException")
            #expect(try await code("GetTable", #"{"tableArn":"\#(table)"}"#) == "AccessDeniedException")
            #expect(try await code("GetTableEncryption") == nil)
            try await host.call("s3tables", "DeleteTablePolicy", "{\(Self.named)}")
            #expect(try await code("GetTable") == nil)
            try await host.call("s3tables", "DeleteTableBucketPolicy", #"{"tableBucketARN":"\#(Self.bucket)"}"#)
            #expect(try await code("GetTable") == "AccessDeniedException")
        }
    }

    @Test("Who reads a table's files is decided anew as soon as a policy of the table or of its bucket changes")
    func files() async throws {
        try await with { host in
            let location = try await host.call("s3tables", "GetTable", "{\(Self.named)}")["warehouseLocation"]?.string
            let warehouse = try #require(location?.dropFirst("s3://".count))
            func code() async throws -> String? {
                try await host.error(
                    of: "s3", "GetObject", #"{"Bucket":"\#(warehouse)","Key":"none"}"#, as: Self.reader)?.code
            }
            #expect(try await code() == "AccessDenied")
            let allow = document("Allow", "s3tables:GetTableData", "\(Self.bucket)/*", to: Self.toReader)
            try await host.call(
                "s3tables", "PutTableBucketPolicy", #"{"tableBucketARN":"\#(Self.bucket)","resourcePolicy":\#(allow)}"#)
            #expect(try await code() == "NoSuchKey")
            let deny = document("Deny", "s3tables:GetTableData", "\(Self.bucket)/table/*", to: #""*""#)
            try await host.call("s3tables", "PutTablePolicy", #"{\#(Self.named),"resourcePolicy":\#(deny)}"#)
            #expect(try await code() == "AccessDenied")
            try await host.call("s3tables", "DeleteTablePolicy", "{\(Self.named)}")
            #expect(try await code() == "NoSuchKey")
            try await host.call("s3tables", "DeleteTable", "{\(Self.named)}")
            #expect(try await code() == "NoSuchBucket")
        }
    }

    @Test("A bucket's policy forbids tables that are not enciphered as it wants")
    func encryption() async throws {
        try await S3Fixture.with(authorizer: PolicyAuthorizer(source: NoPolicies())) { s3 in
            try await s3.createBucket()
            let arn = "arn:aws:s3tables:us-east-1:\(TestHost.account):bucket/mine"
            try await s3.host.call("s3tables", "CreateTableBucket", #"{"name":"mine"}"#)
            let deny = quoted(
                #"""
                {"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3tables:CreateTable",
                 "Resource":"\#(arn)/*","Condition":{"StringNotEquals":{"s3tables:sseAlgorithm":"aws:kms"}}}}
                """#)
            try await s3.host.call(
                "s3tables", "PutTableBucketPolicy", #"{"tableBucketARN":"\#(arn)","resourcePolicy":\#(deny)}"#)
            let destination = #"{"S3TablesDestination":{"TableBucketArn":"\#(arn)","TableName":"told"}}"#
            let refused = try await s3.error(
                "CreateBucketMetadataTableConfiguration",
                #"{"Bucket":"pictures","MetadataTableConfiguration":\#(destination)}"#)
            #expect(refused?.code == "AccessDenied")
        }
    }

    @Test(
        "Policies that are none, are about other things, or let everybody in are refused",
        arguments: [
            "{", #"{"Statement":[]}"#,
            #"{"Statement":{"Effect":"Allow","Action":"s3tables:*","Resource":"*"}}"#,
            #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3tables:*","Resource":"*"}}"#,
            #"{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3tables:*","Resource":"arn:aws:s3:::pictures"}}"#,
        ])
    func refused(_ policy: String) async throws {
        try await with { host in
            let bucket = try await host.error(
                of: "s3tables", "PutTableBucketPolicy",
                #"{"tableBucketARN":"\#(Self.bucket)","resourcePolicy":\#(quoted(policy))}"#)
            #expect(bucket?.code == "BadRequestException")
            let table = try await host.error(
                of: "s3tables", "PutTablePolicy", #"{\#(Self.named),"resourcePolicy":\#(quoted(policy))}"#)
            #expect(table?.code == "BadRequestException")
            let none = try await host.error(
                of: "s3tables", "GetTableBucketPolicy", #"{"tableBucketARN":"\#(Self.bucket)"}"#)
            #expect(none?.code == "NotFoundException")
        }
    }

    @Test("A table bucket's encryption is told, and refused where key and algorithm do not fit")
    func bucketEncryption() async throws {
        try await with { host in
            let bucket = #""tableBucketARN":"\#(Self.bucket)""#
            func told() async throws -> String? {
                let answer = try await host.call("s3tables", "GetTableBucketEncryption", "{\(bucket)}")
                return answer["encryptionConfiguration"]?["kmsKeyArn"]?.string
            }
            let key = "arn:aws:kms:us-east-1:\(TestHost.account):key/1234"
            let managed = #"{"sseAlgorithm":"aws:kms","kmsKeyArn":"\#(key)"}"#
            try await host.call(
                "s3tables", "PutTableBucketEncryption", #"{\#(bucket),"encryptionConfiguration":\#(managed)}"#)
            #expect(try await told() == key)
            for wrong in [#"{"sseAlgorithm":"aws:kms"}"#, #"{"sseAlgorithm":"AES256","kmsKeyArn":"\#(key)"}"#] {
                let error = try await host.error(
                    of: "s3tables", "PutTableBucketEncryption", #"{\#(bucket),"encryptionConfiguration":\#(wrong)}"#)
                #expect(error?.code == "BadRequestException")
            }
            try await host.call("s3tables", "DeleteTableBucketEncryption", "{\(bucket)}")
            #expect(try await told() == nil)
        }
    }

    @Test("How a journal is kept is told: its files become one, its states go, its records expire")
    func maintenance() async throws {
        try await with { host in
            let kept = try await host.call("s3tables", "GetTableMaintenanceConfiguration", "{\(Self.named)}")
            let settings = kept["configuration"]?["icebergSnapshotManagement"]?["settings"]?[
                "icebergSnapshotManagement"]
            #expect(settings?["maxSnapshotAgeHours"]?.int64 == 1)
            let table = kept["tableARN"]?.string ?? ""
            func expiration() async throws -> JSONValue? {
                try await host.call("s3tables", "GetTableRecordExpirationConfiguration", #"{"tableArn":"\#(table)"}"#)[
                    "configuration"]
            }
            #expect(try await expiration()?["status"]?.string == "disabled")
            try await host.call(
                "s3", "UpdateBucketMetadataJournalTableConfiguration",
                #"""
                {"Bucket":"pictures","JournalTableConfiguration":{"RecordExpiration":{"Expiration":"ENABLED","Days":9}}}
                """#)
            #expect(try await expiration()?["settings"]?["days"]?.int64 == 9)
        }
    }
}
