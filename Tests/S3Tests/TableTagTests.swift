import ServiceKit
import TestSupport
import Testing

@testable import S3

/// Lets a user do everything as long as the tags say so.
private struct TagPolicies: PolicySource {
    let statements: String

    func policies(of principal: String) async throws -> IdentityPolicies {
        IdentityPolicies(
            policies: [try Policy.parse(#"{"Version":"2012-10-17","Statement":[\#(statements)]}"#, as: .identity)])
    }
}

/// Tags of table buckets and tables, and what policies ask of them.
@Suite struct TableTagTests {
    private static let user = Caller(
        .user, account: TestHost.account, arn: "arn:aws:iam::\(TestHost.account):user/tagger", userID: "AIDATAGGER")
    private static func arn(_ name: String) -> String {
        "arn:aws:s3tables:us-east-1:\(TestHost.account):bucket/\(name)"
    }

    private func with(_ statements: String = "", _ body: (TestHost) async throws -> Void) async throws {
        try await S3Fixture.with(authorizer: PolicyAuthorizer(source: TagPolicies(statements: statements))) { s3 in
            try await body(s3.host)
        }
    }

    private func tags(_ host: TestHost, of arn: String) async throws -> [String: String] {
        let answer = try await host.call("s3tables", "ListTagsForResource", #"{"resourceArn":"\#(arn)"}"#)
        let members = answer["tags"]?.members.map { ($0.name, $0.value.string ?? "") } ?? []
        return Dictionary(members) { $1 }
    }

    /// A bucket with a journal, and the ARN of the journal's table.
    private func journal(_ host: TestHost) async throws -> (S3Fixture, String) {
        let s3 = S3Fixture(host: host, folder: "")
        try await s3.createBucket()
        try await s3.call(
            "CreateBucketMetadataConfiguration",
            #"{"Bucket":"pictures","MetadataConfiguration":{\#(MetadataTests.journal)}}"#)
        let named = #"{"tableBucketARN":"\#(Self.arn("aws-s3"))","namespace":"b_pictures","name":"journal"}"#
        return (s3, try #require(try await host.call("s3tables", "GetTable", named)["tableARN"]?.string))
    }

    @Test("Tags are given with a bucket, added, changed and taken away, of buckets and of tables")
    func lifecycle() async throws {
        try await with { host in
            try await host.call("s3tables", "CreateTableBucket", #"{"name":"mine","tags":{"team":"red","cost":"7"}}"#)
            let mine = Self.arn("mine")
            #expect(try await tags(host, of: mine) == ["team": "red", "cost": "7"])
            try await host.call("s3tables", "TagResource", #"{"resourceArn":"\#(mine)","tags":{"team":"blue","x":""}}"#)
            try await host.call("s3tables", "UntagResource", #"{"resourceArn":"\#(mine)","tagKeys":["cost","none"]}"#)
            #expect(try await tags(host, of: mine) == ["team": "blue", "x": ""])

            let (_, table) = try await journal(host)
            #expect(try await tags(host, of: table) == [:])
            try await host.call("s3tables", "TagResource", #"{"resourceArn":"\#(table)","tags":{"of":"table"}}"#)
            #expect(try await tags(host, of: table) == ["of": "table"])
            #expect(try await tags(host, of: Self.arn("aws-s3")) == [:])
        }
    }

    @Test("Wrong tags, too many of them, and tags of what is not there are refused")
    func refused() async throws {
        try await with { host in
            try await host.call("s3tables", "CreateTableBucket", #"{"name":"mine"}"#)
            func code(_ tags: String, of name: String = "mine") async throws -> String? {
                try await host.error(
                    of: "s3tables", "TagResource", #"{"resourceArn":"\#(Self.arn(name))","tags":{\#(tags)}}"#)?.code
            }
            #expect(try await code(#""aws:mine":"1""#) == "BadRequestException")
            #expect(try await code(#""":"1""#) == "BadRequestException")
            #expect(try await code(#""a":"1""#, of: "none") == "NotFoundException")
            #expect(try await code(#""a":"1""#, of: "mine/table/none") == "NotFoundException")
            #expect(try await code(#""a":"1""#, of: "mine/other/none") == "BadRequestException")
            #expect(try await code((0..<50).map { #""k\#($0)":"1""# }.joined(separator: ",")) == nil)
            #expect(try await code(#""k7":"2""#) == nil)
            #expect(try await code(#""one":"more""#) == "BadRequestException")
            let error = try await host.error(
                of: "s3tables", "CreateTableBucket", #"{"name":"new","tags":{"aws:x":""}}"#)
            #expect(error?.code == "BadRequestException")
        }
    }

    @Test("Policies ask for the tags of the bucket, of the request, and for their keys")
    func conditions() async throws {
        let statements = #"""
            {"Effect":"Allow","Action":"s3tables:GetTableBucket","Resource":"*",
             "Condition":{"StringEquals":{"aws:ResourceTag/team":"red"}}},
            {"Effect":"Allow","Action":"s3tables:ListNamespaces","Resource":"*",
             "Condition":{"StringEquals":{"s3tables:TableBucketTag/team":"red"}}},
            {"Effect":"Allow","Action":["s3tables:CreateTableBucket","s3tables:TagResource"],"Resource":"*",
             "Condition":{"StringEquals":{"aws:RequestTag/team":"red"}}},
            {"Effect":"Allow","Action":"s3tables:UntagResource","Resource":"*",
             "Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["cost"]}}}
            """#
        try await with(statements) { host in
            func code(_ operation: String, _ input: String) async throws -> String? {
                try await host.error(of: "s3tables", operation, input, as: Self.user)?.code
            }
            let (denied, mine) = ("AccessDeniedException", #""\#(Self.arn("mine"))""#)
            #expect(try await code("CreateTableBucket", #"{"name":"mine"}"#) == denied)
            #expect(try await code("CreateTableBucket", #"{"name":"mine","tags":{"team":"blue"}}"#) == denied)
            #expect(try await code("CreateTableBucket", #"{"name":"mine","tags":{"team":"red"}}"#) == nil)
            #expect(try await code("GetTableBucket", #"{"tableBucketARN":\#(mine)}"#) == nil)
            #expect(try await code("ListNamespaces", #"{"tableBucketARN":\#(mine)}"#) == nil)
            #expect(try await code("TagResource", #"{"resourceArn":\#(mine),"tags":{"team":"blue"}}"#) == denied)
            #expect(try await code("UntagResource", #"{"resourceArn":\#(mine),"tagKeys":["team"]}"#) == denied)
            #expect(try await code("UntagResource", #"{"resourceArn":\#(mine),"tagKeys":["cost"]}"#) == nil)
            // Seen with the next request.
            try await host.call("s3tables", "TagResource", #"{"resourceArn":\#(mine),"tags":{"team":"blue"}}"#)
            #expect(try await code("GetTableBucket", #"{"tableBucketARN":\#(mine)}"#) == denied)
            #expect(try await code("ListNamespaces", #"{"tableBucketARN":\#(mine)}"#) == denied)
        }
    }

    @Test("Who may make a bucket and not tag it makes none with tags")
    func tagging() async throws {
        let statement = #"{"Effect":"Allow","Action":"s3tables:CreateTableBucket","Resource":"*"}"#
        try await with(statement) { host in
            func code(_ input: String) async throws -> String? {
                try await host.error(of: "s3tables", "CreateTableBucket", input, as: Self.user)?.code
            }
            let tagged = try await code(#"{"name":"mine","tags":{"team":"red"}}"#)
            #expect(tagged == "AccessDeniedException")
            let plain = try await code(#"{"name":"mine"}"#)
            #expect(plain == nil)
        }
    }

    @Test("Namespaces are made once, by names that may be, in buckets of the customer's")
    func namespaces() async throws {
        try await with { host in
            try await host.call("s3tables", "CreateTableBucket", #"{"name":"mine"}"#)
            func code(_ name: String, in bucket: String = "mine") async throws -> String? {
                try await host.error(
                    of: "s3tables", "CreateNamespace",
                    #"{"tableBucketARN":"\#(Self.arn(bucket))","namespace":["\#(name)"]}"#)?.code
            }
            let first = try await code("sales_2026")
            #expect(first == nil)
            #expect(try await code("sales_2026") == "ConflictException")
            for wrong in ["_a", "a_", "a-b", "aws_mine", "A"] {
                #expect(try await code(wrong) == "BadRequestException")
            }
            #expect(try await code("sales", in: "none") == "NotFoundException")
            let found = try await host.call(
                "s3tables", "GetNamespace", #"{"tableBucketARN":"\#(Self.arn("mine"))","namespace":"sales_2026"}"#)
            #expect(found["namespace"]?.elements.map(\.string) == ["sales_2026"])
            #expect(try await code("", in: "mine") == "BadRequestException")
        }
    }

    @Test("How long a journal's records are kept is said by its table too, and its bucket's configuration tells it")
    func expiration() async throws {
        try await with { host in
            let (s3, table) = try await journal(host)
            func code(_ value: String) async throws -> String? {
                try await host.error(
                    of: "s3tables", "PutTableRecordExpirationConfiguration",
                    #"{"tableArn":"\#(table)","value":{\#(value)}}"#)?.code
            }
            func told() async throws -> [Int64?] {
                let own = try await host.call(
                    "s3tables", "GetTableRecordExpirationConfiguration", #"{"tableArn":"\#(table)"}"#)
                let bucket = try await s3.call("GetBucketMetadataConfiguration", #"{"Bucket":"pictures"}"#)
                let journal = bucket["GetBucketMetadataConfigurationResult"]?["MetadataConfigurationResult"]?[
                    "JournalTableConfigurationResult"]
                return [
                    own["configuration"]?["settings"]?["days"]?.int64, journal?["RecordExpiration"]?["Days"]?.int64,
                ]
            }
            #expect(try await code(#""status":"enabled","settings":{"days":11}"#) == nil)
            #expect(try await told() == [11, 11])
            for wrong in [
                #""status":"enabled""#, #""status":"enabled","settings":{"days":6}"#, #""settings":{"days":9}"#,
            ] {
                #expect(try await code(wrong) == "BadRequestException")
            }
            #expect(try await code(#""status":"disabled""#) == nil)
            #expect(try await told() == [nil, nil])
        }
    }
}
