import ServiceKit
import TestSupport
import Testing

@testable import S3

private let account = TestHost.account
private let ann = Caller(.user, account: account, arn: "arn:aws:iam::\(account):user/ann", userID: "AIDAANN")
private let stranger = Caller.root(of: "222222222222")
private let arn = "arn:aws:s3:us-east-1:\(account):accesspoint/finance"

/// Users' own policies by their ARN; without one they may do nothing.
private struct Policies: PolicySource {
    var byPrincipal: [String: String] = [:]

    func policies(of principal: String) async throws -> IdentityPolicies {
        IdentityPolicies(policies: try byPrincipal[principal].map { [try Policy.parse($0, as: .identity)] } ?? [])
    }
}

/// A bucket `pictures` with the access point `finance`.
private func withPoint(
    _ more: String = "", policies: [String: String] = [:], _ body: (S3Fixture) async throws -> Void
) async throws {
    let authorizer = PolicyAuthorizer(source: Policies(byPrincipal: policies))
    try await S3Fixture.with(authorizer: authorizer) { s3 async throws in
        try await s3.createBucket()
        try await s3.put("cat", [1, 2, 3])
        try await s3.control("CreateAccessPoint", #","Bucket":"pictures"\#(more)"#)
        try await body(s3)
    }
}

extension S3Fixture {
    @discardableResult
    fileprivate func control(
        _ operation: String, _ more: String = "", name: String? = "finance", as caller: Caller = .root(of: account)
    ) async throws -> JSONValue {
        let name = name.map { #","Name":"\#($0)""# } ?? ""
        return try await host.call("s3control", operation, #"{"AccountId":"\#(account)"\#(name)\#(more)}"#, as: caller)
    }

    fileprivate func controlError(
        _ operation: String, _ more: String = "", name: String? = "finance", as caller: Caller = .root(of: account)
    ) async throws -> String? {
        do {
            try await control(operation, more, name: name, as: caller)
            return nil
        } catch let error as ServiceError {
            return error.code
        }
    }

    fileprivate func setPolicy(of point: String = "finance", _ document: String) async throws {
        try await control("PutAccessPointPolicy", #","Policy":\#(quoted(document))"#, name: point)
    }

    fileprivate func setBucketPolicy(_ document: String) async throws {
        try await call("PutBucketPolicy", #"{"Bucket":"pictures","Policy":\#(quoted(document))}"#)
    }

    /// The code a read is refused with; `nil` where it succeeds.
    fileprivate func refusal(by bucket: String = arn, as caller: Caller) async throws -> String? {
        try await host.error(of: "s3", "GetObject", #"{"Bucket":"\#(bucket)","Key":"cat"}"#, as: caller)?.code
    }
}

private func allow(_ principal: String, _ action: String, on resource: String, _ condition: String = "") -> String {
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(principal)"},"Action":"\#(action)","#
        + #""Resource":"\#(resource)"\#(condition)}]}"#
}

@Suite struct AccessPointTests {
    @Test("An access point is made, told of, listed and deleted, and keeps its bucket from deletion")
    func life() async throws {
        try await withPoint { s3 async throws in
            let point = try await s3.control("GetAccessPoint")
            #expect(point["Bucket"]?.string == "pictures" && point["NetworkOrigin"]?.string == "Internet")
            #expect(point["AccessPointArn"]?.string == arn)
            #expect(point["PublicAccessBlockConfiguration", "RestrictPublicBuckets"]?.bool == true)
            #expect(
                try await s3.controlError("CreateAccessPoint", #","Bucket":"pictures""#)
                    == "AccessPointAlreadyOwnedByYou")
            #expect(
                try await s3.controlError("CreateAccessPoint", #","Bucket":"pictures""#, name: "Finance")
                    == "InvalidRequest")
            #expect(
                try await s3.controlError("CreateAccessPoint", #","Bucket":"nothing""#, name: "other")
                    == "NoSuchBucket")
            for name in ["b-1", "b-2", "b-3"] {
                try await s3.control("CreateAccessPoint", #","Bucket":"pictures""#, name: name)
            }
            let first = try await s3.control("ListAccessPoints", #","MaxResults":3"#, name: nil)
            let token = try #require(first["NextToken"]?.string)
            let rest = try await s3.control("ListAccessPoints", #","NextToken":"\#(token)""#, name: nil)
            let names = [first, rest].map { $0["AccessPointList"]?.elements.compactMap { $0["Name"]?.string } }
            #expect(names == [["b-1", "b-2", "b-3"], ["finance"]])
            try await s3.call("DeleteObject", #"{"Bucket":"pictures","Key":"cat"}"#)
            #expect(
                try await s3.error("DeleteBucket", #"{"Bucket":"pictures"}"#)?.code == "BucketHasAccessPointsAttached")
            for name in ["b-1", "b-2", "b-3", "finance"] { try await s3.control("DeleteAccessPoint", name: name) }
            #expect(try await s3.controlError("GetAccessPoint") == "NoSuchAccessPoint")
            try await s3.call("DeleteBucket", #"{"Bucket":"pictures"}"#)
        }
    }

    @Test("Objects are reached by ARN, by alias and by the host's label, and the bucket's own operations are not")
    func names() async throws {
        try await withPoint { s3 async throws in
            let alias = try #require(try await s3.control("GetAccessPoint")["Alias"]?.string)
            #expect(alias.hasPrefix("finance-") && alias.hasSuffix("-s3alias") && alias.utf8.count <= 63)
            for name in [arn, alias, "finance-\(account)"] {
                let (head, bytes) = try await s3.get("cat", bucket: name)
                #expect(bytes == [1, 2, 3] && head["ETag"] != nil, "\(name)")
                let listed = try await s3.call("ListObjectsV2", #"{"Bucket":"\#(name)"}"#)
                #expect(listed["Contents"]?.elements.first { _ in true }?["Key"]?.string == "cat")
                try await s3.put("dog", [4], bucket: name)
                let refused = try await s3.error("GetBucketVersioning", #"{"Bucket":"\#(name)"}"#)
                #expect(refused?.code == "MethodNotAllowed")
            }
            try await s3.call(
                "CopyObject", #"{"Bucket":"pictures","Key":"copy","CopySource":"\#(arn)/object/cat"}"#)
            #expect(try await s3.get("copy").bytes == [1, 2, 3])
            #expect(try await s3.refusal(by: "\(arn)s", as: .root(of: account)) == "NoSuchAccessPoint")
            #expect(try await s3.refusal(by: "finances-\(account)", as: .root(of: account)) == "NoSuchBucket")
            // A bucket of the label's name comes first.
            try await s3.createBucket("finance-\(account)")
            #expect(try await s3.refusal(by: "finance-\(account)", as: .root(of: account)) == "NoSuchKey")
        }
    }

    @Test("What the access point allows its bucket has to allow too: itself, or by leaving it to access points")
    func delegation() async throws {
        try await withPoint { s3 async throws in
            try await s3.setPolicy(allow(ann.arn, "s3:GetObject", on: "\(arn)/object/*"))
            #expect(try await s3.refusal(as: ann) == "AccessDenied")
            let delegated = #","Condition":{"StringEquals":{"s3:DataAccessPointAccount":"\#(account)"}}"#
            try await s3.setBucketPolicy(allow("*", "s3:*", on: "arn:aws:s3:::pictures/*", delegated))
            #expect(try await s3.refusal(as: ann) == nil)
            // Straight to the bucket the delegation does not lead.
            #expect(try await s3.refusal(by: "pictures", as: ann) == "AccessDenied")
            try await s3.setBucketPolicy(
                allow(
                    "*", "s3:*", on: "arn:aws:s3:::pictures/*",
                    #","Condition":{"ArnEquals":{"s3:DataAccessPointArn":"\#(arn)x"}}"#))
            #expect(try await s3.refusal(as: ann) == "AccessDenied")
        }
    }

    @Test("A policy of a user's own has to reach both, and denials of either count")
    func identityPolicies() async throws {
        let both = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#
        try await withPoint(policies: [ann.arn: both]) { s3 async throws in
            #expect(try await s3.refusal(as: ann) == nil)
            let denial = allow(ann.arn, "s3:*", on: "\(arn)/object/*").replacing("Allow", with: "Deny")
            try await s3.setPolicy(denial)
            #expect(try await s3.refusal(as: ann) == "AccessDenied")
            #expect(try await s3.refusal(by: "pictures", as: ann) == nil)
            let origin = #","Condition":{"StringEquals":{"s3:AccessPointNetworkOrigin":"Internet"}}"#
            try await s3.control("DeleteAccessPointPolicy")
            #expect(try await s3.refusal(as: ann) == nil)
            try await s3.setBucketPolicy(
                allow("*", "s3:*", on: "arn:aws:s3:::pictures/*", origin).replacing("Allow", with: "Deny"))
            #expect(try await s3.refusal(as: ann) == "AccessDenied")
            #expect(try await s3.refusal(by: "pictures", as: ann) == nil)
        }
        let one = both.replacing(#""Resource":"*""#, with: #""Resource":"\#(arn)/object/*""#)
        try await withPoint(policies: [ann.arn: one]) { s3 async throws in
            #expect(try await s3.refusal(as: ann) == "AccessDenied")
        }
    }

    @Test("Public policies are refused, or do not count, where the access point or the account forbids them")
    func publicAccess() async throws {
        let open = allow("*", "s3:GetObject", on: "\(arn)/object/*")
        let input = #","Policy":"\#(open.replacing("\"", with: "\\\""))""#
        try await withPoint { s3 async throws in
            #expect(try await s3.controlError("PutAccessPointPolicy", input) == "AccessDenied")
        }
        try await withPoint(#","PublicAccessBlockConfiguration":{}"#) { s3 async throws in
            try await s3.setPolicy(open)
            #expect(try await s3.control("GetAccessPointPolicyStatus")["PolicyStatus", "IsPublic"]?.bool == true)
            let delegated = #","Condition":{"StringEquals":{"s3:DataAccessPointAccount":"\#(account)"}}"#
            try await s3.setBucketPolicy(allow("*", "s3:GetObject", on: "arn:aws:s3:::pictures/*", delegated))
            #expect(try await s3.refusal(as: .anonymous) == nil)
            #expect(try await s3.refusal(as: stranger) == nil)
            #expect(
                try await s3.controlError("GetPublicAccessBlock", name: nil) == "NoSuchPublicAccessBlockConfiguration")
            try await s3.control(
                "PutPublicAccessBlock", #","PublicAccessBlockConfiguration":{"RestrictPublicBuckets":true}"#, name: nil)
            #expect(try await s3.refusal(as: .anonymous) == "AccessDenied")
            #expect(try await s3.refusal(as: .root(of: account)) == nil)
            try await s3.control("DeletePublicAccessBlock", name: nil)
            #expect(try await s3.refusal(as: .anonymous) == nil)
        }
    }

    @Test("What an account forbids holds for its buckets too, at once")
    func accountBlock() async throws {
        try await S3Fixture.with(authorizer: PolicyAuthorizer(source: Policies())) { s3 async throws in
            try await s3.createBucket()
            try await s3.put("cat", [1])
            try await s3.call("DeletePublicAccessBlock", #"{"Bucket":"pictures"}"#)
            try await s3.setBucketPolicy(allow("*", "s3:GetObject", on: "arn:aws:s3:::pictures/*"))
            #expect(try await s3.refusal(by: "pictures", as: .anonymous) == nil)
            let block = #","PublicAccessBlockConfiguration":{"RestrictPublicBuckets":true,"BlockPublicPolicy":true}"#
            #expect(try await s3.controlError("PutPublicAccessBlock", block, name: nil, as: stranger) == "AccessDenied")
            try await s3.control("PutPublicAccessBlock", block, name: nil)
            #expect(try await s3.refusal(by: "pictures", as: .anonymous) == "AccessDenied")
            await #expect(throws: ServiceError.self) {
                try await s3.setBucketPolicy(allow("*", "s3:*", on: "arn:aws:s3:::pictures/*"))
            }
        }
    }

    @Test("An access point for a VPC answers nobody here, and one of another account's bucket needs that bucket's word")
    func origins() async throws {
        try await withPoint(#","VpcConfiguration":{"VpcId":"vpc-1"}"#) { s3 async throws in
            #expect(try await s3.control("GetAccessPoint")["NetworkOrigin"]?.string == "VPC")
            #expect(try await s3.refusal(as: .root(of: account)) == "AccessDenied")
        }
        try await withPoint { s3 async throws in
            let create = { (more: String) in
                #"{"AccountId":"222222222222","Name":"theirs","Bucket":"pictures"\#(more)}"#
            }
            let theirs = "arn:aws:s3:us-east-1:222222222222:accesspoint/theirs"
            #expect(
                try await s3.host.error(of: "s3control", "CreateAccessPoint", create(""), as: stranger)?.code
                    == "AccessDenied")
            try await s3.host.call(
                "s3control", "CreateAccessPoint", create(#","BucketAccountId":"\#(account)""#), as: stranger)
            #expect(try await s3.refusal(by: theirs, as: stranger) == "AccessDenied")
            let delegated = #","Condition":{"StringEquals":{"s3:DataAccessPointAccount":"222222222222"}}"#
            try await s3.setBucketPolicy(allow("*", "s3:GetObject", on: "arn:aws:s3:::pictures/*", delegated))
            #expect(try await s3.refusal(by: theirs, as: stranger) == nil)
        }
    }

    @Test("Buckets and access points are tagged by their ARNs, and policies see a bucket's tags where it says so")
    func tags() async throws {
        let tagged =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","#
            + #""Condition":{"StringEquals":{"aws:ResourceTag/team":"red"}}}]}"#
        try await withPoint(policies: [ann.arn: tagged]) { s3 async throws in
            for resource in ["arn:aws:s3:::pictures", arn] {
                let target = #","ResourceArn":"\#(resource)""#
                try await s3.control(
                    "TagResource", target + #","Tags":[{"Key":"team","Value":"blue"},{"Key":"a","Value":"b"}]"#,
                    name: nil)
                try await s3.control("TagResource", target + #","Tags":[{"Key":"team","Value":"red"}]"#, name: nil)
                try await s3.control("UntagResource", target + #","TagKeys":["a"]"#, name: nil)
                let tags = try await s3.control("ListTagsForResource", target, name: nil)["Tags"]
                #expect(tags?.elements.map { $0["Value"]?.string } == ["red"])
            }
            #expect(try await s3.refusal(by: "pictures", as: ann) == "AccessDenied")
            try await s3.call("PutBucketAbac", #"{"Bucket":"pictures","AbacStatus":{"Status":"Enabled"}}"#)
            #expect(try await s3.refusal(by: "pictures", as: ann) == nil)
            #expect(try await s3.error("DeleteBucketTagging", #"{"Bucket":"pictures"}"#)?.code == "InvalidRequest")
            #expect(
                try await s3.call("GetBucketAbac", #"{"Bucket":"pictures"}"#)["AbacStatus", "Status"]?.string
                    == "Enabled")
        }
    }

    @Test("Users' own policies see the tags of objects")
    func existingTags() async throws {
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","#
            + #""Condition":{"StringEquals":{"s3:ExistingObjectTag/team":"red"}}}]}"#
        try await withPoint(policies: [ann.arn: policy]) { s3 async throws in
            #expect(try await s3.refusal(by: "pictures", as: ann) == "AccessDenied")
            let tag = #"{"Bucket":"pictures","Key":"cat","Tagging":{"TagSet":[{"Key":"team","Value":"red"}]}}"#
            try await s3.call("PutObjectTagging", tag)
            #expect(try await s3.refusal(by: "pictures", as: ann) == nil)
            #expect(try await s3.refusal(as: ann) == nil)
        }
    }
}
