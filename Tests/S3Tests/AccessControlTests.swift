import ServiceKit
import TestSupport
import Testing

@testable import S3

private let everyone = AccessControlList.Group.everyone.rawValue
private let stranger = Caller.root(of: "222222222222")
private let owner = Caller.root(of: TestHost.account)

/// Policies of users are none here: what the accounts themselves may is what buckets and objects say.
private struct NoPolicies: PolicySource {
    func policies(of principal: String) async throws -> IdentityPolicies { IdentityPolicies(policies: []) }
}

extension S3Fixture {
    /// A bucket as before April 2023: lists count, and public access is not blocked.
    fileprivate static func withLists(
        ownership: String = "ObjectWriter", _ body: (S3Fixture) async throws -> Void
    ) async throws {
        try await with(authorizer: PolicyAuthorizer(source: NoPolicies())) { s3 in
            try await s3.call("CreateBucket", #"{"Bucket":"pictures","ObjectOwnership":"\#(ownership)"}"#)
            try await s3.call("DeletePublicAccessBlock", #"{"Bucket":"pictures"}"#)
            try await body(s3)
        }
    }

    /// The code an operation is refused with; `nil` where it succeeds.
    fileprivate func refusal(
        _ operation: String, _ more: String = "", key: String? = "cat", as caller: Caller, bytes: [UInt8]? = nil
    ) async throws -> String? {
        let key = key.map { #","Key":"\#($0)""# } ?? ""
        do {
            _ = try await host.reply(
                "s3", operation, #"{"Bucket":"pictures"\#(key)\#(more)}"#, as: caller,
                body: bytes.map { ByteStream($0) })
            return nil
        } catch let error as ServiceError {
            return error.code
        }
    }

    fileprivate func grants(_ operation: String, _ more: String = "", as caller: Caller = owner) async throws
        -> [String]
    {
        let answer = try await host.call("s3", operation, #"{"Bucket":"pictures"\#(more)}"#, as: caller)
        return answer["Grants"]?.elements.map { grant in
            let grantee = grant["Grantee"]
            let name = grantee?["URI"]?.string ?? grantee?["DisplayName"]?.string ?? grantee?["ID"]?.string ?? ""
            return "\(name) \(grant["Permission"]?.string ?? "")"
        } ?? []
    }
}

@Suite struct AccessControlTests {
    @Test("Without a list everything is the owner's, whose number stands beside its canonical id")
    func defaults() async throws {
        try await S3Fixture.withLists { s3 in
            try await s3.put("cat", [1])
            #expect(try await s3.grants("GetBucketAcl") == ["000000000000 FULL_CONTROL"])
            #expect(try await s3.grants("GetObjectAcl", #","Key":"cat""#) == ["000000000000 FULL_CONTROL"])
            for caller in [stranger, .anonymous] {
                #expect(try await s3.refusal("GetObject", as: caller) == "AccessDenied")
                #expect(try await s3.refusal("ListObjectsV2", key: nil, as: caller) == "AccessDenied")
            }
        }
    }

    @Test("A public list lets strangers read the object, and no other one")
    func publicObject() async throws {
        try await S3Fixture.withLists { s3 in
            try await s3.put("cat", [1], #","ACL":"public-read""#)
            try await s3.put("dog", [1])
            #expect(try await s3.grants("GetObjectAcl", #","Key":"cat""#).sorted().last == "\(everyone) READ")
            for caller in [stranger, .anonymous] {
                #expect(try await s3.refusal("GetObject", as: caller) == nil)
                #expect(try await s3.refusal("GetObject", key: "dog", as: caller) == "AccessDenied")
                #expect(try await s3.refusal("GetObjectAcl", as: caller) == "AccessDenied")
                #expect(try await s3.refusal("PutObjectAcl", #","ACL":"private""#, as: caller) == "AccessDenied")
            }
            try await s3.call("PutObjectAcl", #"{"Bucket":"pictures","Key":"cat","ACL":"private"}"#)
            #expect(try await s3.refusal("GetObject", as: stranger) == "AccessDenied")
            // A new object does not have the list of the one it replaces.
            try await s3.call("PutObjectAcl", #"{"Bucket":"pictures","Key":"cat","ACL":"public-read"}"#)
            try await s3.put("cat", [2])
            #expect(try await s3.refusal("GetObject", as: stranger) == "AccessDenied")
        }
    }

    @Test("Whoever began an upload may list and abort it, and others may not")
    func initiators() async throws {
        try await S3Fixture.withLists { s3 in
            try await s3.call("PutBucketAcl", #"{"Bucket":"pictures","ACL":"public-read-write"}"#)
            let begun = try await s3.host.call(
                "s3", "CreateMultipartUpload", #"{"Bucket":"pictures","Key":"cat"}"#, as: stranger)
            let upload = #","UploadId":"\#(begun["UploadId"]?.string ?? "")""#
            for operation in ["ListParts", "AbortMultipartUpload"] {
                for caller in [Caller.anonymous, .root(of: "333333333333")] {
                    #expect(try await s3.refusal(operation, upload, as: caller) == "AccessDenied")
                }
                #expect(try await s3.refusal(operation, upload, as: stranger) == nil)
            }
        }
    }

    @Test("authenticated-read lets other accounts in, and nobody without credentials")
    func authenticated() async throws {
        try await S3Fixture.withLists { s3 in
            try await s3.put("cat", [1], #","ACL":"authenticated-read""#)
            #expect(try await s3.refusal("GetObject", as: stranger) == nil)
            #expect(try await s3.refusal("GetObject", as: .anonymous) == "AccessDenied")
        }
    }

    @Test("Who may list a bucket is told that a key is missing; others are denied")
    func missing() async throws {
        try await S3Fixture.withLists { s3 in
            #expect(try await s3.refusal("GetObject", as: .anonymous) == "AccessDenied")
            try await s3.call("PutBucketAcl", #"{"Bucket":"pictures","ACL":"public-read"}"#)
            #expect(try await s3.refusal("GetObject", as: .anonymous) == "NoSuchKey")
            #expect(try await s3.refusal("GetObjectAcl", as: .anonymous) == "AccessDenied")
        }
    }

    @Test("A bucket's list decides about listing and storing, each by its own right")
    func bucketRights() async throws {
        try await S3Fixture.withLists { s3 in
            try await s3.put("cat", [1])
            try await s3.call("PutBucketAcl", #"{"Bucket":"pictures","ACL":"public-read"}"#)
            #expect(try await s3.refusal("ListObjectsV2", key: nil, as: .anonymous) == nil)
            #expect(try await s3.refusal("PutObject", key: "new", as: .anonymous, bytes: [1]) == "AccessDenied")
            #expect(try await s3.refusal("GetObject", as: .anonymous) == "AccessDenied")
            try await s3.call("PutBucketAcl", #"{"Bucket":"pictures","ACL":"public-read-write"}"#)
            #expect(try await s3.refusal("PutObject", key: "new", as: .anonymous, bytes: [1]) == nil)
            #expect(try await s3.refusal("DeleteObject", key: "cat", as: .anonymous) == "AccessDenied")
            #expect(
                try await s3.refusal("PutBucketAcl", #","ACL":"private""#, key: nil, as: stranger) == "AccessDenied")
        }
    }

    @Test("Header grants and whole lists name users by canonical id")
    func userGrants() async throws {
        let id = CanonicalUser(stranger.account).id
        try await S3Fixture.withLists { s3 in
            try await s3.put("cat", [1], #","GrantReadACP":"id=\"\#(id)\"","GrantRead":"id=\#(id)""#)
            #expect(
                try await s3.grants("GetObjectAcl", #","Key":"cat""#, as: stranger) == ["\(id) READ", "\(id) READ_ACP"])
            #expect(try await s3.refusal("GetObject", as: stranger) == nil)
            #expect(try await s3.refusal("GetObject", as: .root(of: "333333333333")) == "AccessDenied")
            let policy = #"{"Grantee":{"Type":"CanonicalUser","ID":"\#(id)"},"Permission":"WRITE_ACP"}"#
            let whole = { (owner: String) in
                #","AccessControlPolicy":{"Owner":{"ID":"\#(owner)"},"Grants":[\#(policy)]}"#
            }
            #expect(try await s3.refusal("PutBucketAcl", whole(id), key: nil, as: owner) == "AccessDenied")
            let mine = CanonicalUser(owner.account).id
            #expect(try await s3.refusal("PutBucketAcl", whole(mine), key: nil, as: owner) == nil)
            #expect(try await s3.refusal("PutBucketAcl", #","ACL":"public-read""#, key: nil, as: stranger) == nil)
        }
    }

    @Test("What another account stores is that account's, unless the bucket's owner is preferred and given control")
    func foreignObjects() async throws {
        try await S3Fixture.withLists { s3 in
            try await s3.call("PutBucketAcl", #"{"Bucket":"pictures","ACL":"public-read-write"}"#)
            #expect(try await s3.refusal("PutObject", as: stranger, bytes: [1]) == nil)
            #expect(try await s3.refusal("GetObject", as: owner) == "AccessDenied")
            #expect(try await s3.refusal("GetObject", as: stranger) == nil)
            let listed = try await s3.call("ListObjectsV2", #"{"Bucket":"pictures","FetchOwner":true}"#)
            #expect(listed["Contents"]?.elements.map { $0["Owner"]?["DisplayName"]?.string } == [stranger.account])
            #expect(
                try await s3.refusal("PutObject", #","ACL":"bucket-owner-read""#, as: stranger, bytes: [1]) == nil)
            #expect(try await s3.refusal("GetObject", as: owner) == nil)
            #expect(try await s3.refusal("PutObjectAcl", #","ACL":"private""#, as: owner) == "AccessDenied")
            #expect(try await s3.refusal("DeleteObject", as: owner) == nil)
        }
        try await S3Fixture.withLists(ownership: "BucketOwnerPreferred") { s3 in
            try await s3.call("PutBucketAcl", #"{"Bucket":"pictures","ACL":"public-read-write"}"#)
            let control = #","ACL":"bucket-owner-full-control""#
            #expect(try await s3.refusal("PutObject", control, as: stranger, bytes: [1]) == nil)
            #expect(try await s3.grants("GetObjectAcl", #","Key":"cat""#) == ["000000000000 FULL_CONTROL"])
            #expect(try await s3.refusal("GetObject", as: stranger) == "AccessDenied")
        }
    }

    @Test("A multipart upload gives its object the list it began with")
    func multipart() async throws {
        try await S3Fixture.withLists { s3 in
            let named = #"{"Bucket":"pictures","Key":"cat""#
            let begun = try await s3.call("CreateMultipartUpload", named + #","ACL":"public-read"}"#)
            let upload = #","UploadId":"\#(begun["UploadId"]?.string ?? "")""#
            let part = try await s3.call("UploadPart", named + upload + #","PartNumber":1}"#, body: [1, 2, 3])
            let etag = (part["ETag"]?.string ?? "").filter { $0 != "\"" }
            try await s3.call(
                "CompleteMultipartUpload",
                named + upload + #","MultipartUpload":{"Parts":[{"PartNumber":1,"ETag":"\#(etag)"}]}}"#)
            #expect(try await s3.refusal("GetObject", as: .anonymous) == nil)
        }
    }

    @Test("Block Public Access refuses public lists, and makes those there are not count")
    func blocked() async throws {
        try await S3Fixture.withLists { s3 in
            try await s3.put("cat", [1], #","ACL":"public-read""#)
            let block = { (settings: String) in
                #"{"Bucket":"pictures","PublicAccessBlockConfiguration":{\#(settings)}}"#
            }
            try await s3.call("PutPublicAccessBlock", block(#""IgnorePublicAcls":true"#))
            #expect(try await s3.refusal("GetObject", as: .anonymous) == "AccessDenied")
            try await s3.call("PutPublicAccessBlock", block(#""BlockPublicAcls":true"#))
            #expect(try await s3.refusal("GetObject", as: .anonymous) == nil)
            for list in ["public-read", "public-read-write", "authenticated-read"] {
                let given = #","ACL":"\#(list)""#
                #expect(try await s3.refusal("PutBucketAcl", given, key: nil, as: owner) == "AccessDenied")
                #expect(try await s3.refusal("PutObjectAcl", given, as: owner) == "AccessDenied")
                #expect(try await s3.refusal("PutObject", given, as: owner, bytes: [1]) == "AccessDenied")
            }
        }
    }

    @Test("Where the bucket's owner owns everything, lists are refused and those there are do not count")
    func enforced() async throws {
        let refused = "AccessControlListNotSupported"
        try await S3Fixture.withLists { s3 in
            try await s3.put("cat", [1], #","ACL":"public-read""#)
            let enforce = #","OwnershipControls":{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}"#
            try await s3.call("PutBucketAcl", #"{"Bucket":"pictures","ACL":"public-read"}"#)
            #expect(
                try await s3.refusal("PutBucketOwnershipControls", enforce, key: nil, as: owner)
                    == "InvalidBucketAclWithObjectOwnership")
            try await s3.call("PutBucketAcl", #"{"Bucket":"pictures","ACL":"private"}"#)
            #expect(try await s3.refusal("PutBucketOwnershipControls", enforce, key: nil, as: owner) == nil)
            #expect(try await s3.refusal("GetObject", as: .anonymous) == "AccessDenied")
            #expect(try await s3.refusal("PutBucketAcl", #","ACL":"private""#, key: nil, as: owner) == refused)
            #expect(try await s3.refusal("PutObjectAcl", #","ACL":"private""#, as: owner) == refused)
            #expect(try await s3.refusal("PutObject", #","ACL":"private""#, as: owner, bytes: [1]) == refused)
            let control = #","ACL":"bucket-owner-full-control""#
            #expect(try await s3.refusal("PutObject", control, as: owner, bytes: [1]) == nil)
        }
    }

    @Test("A bucket's policy denies what a list allows, and may ask for a list")
    func policies() async throws {
        let statement = { (effect: String, action: String, more: String) in
            #"{\"Effect\":\"\#(effect)\",\"Principal\":\"*\",\"Action\":\"\#(action)\",\"Resource\":\"arn:aws:s3:::pictures/*\"\#(more)}"#
        }
        let policy = { (statement: String) in
            #"{"Bucket":"pictures","Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[\#(statement)]}"}"#
        }
        try await S3Fixture.withLists { s3 in
            try await s3.put("cat", [1], #","ACL":"public-read""#)
            try await s3.call("PutBucketPolicy", policy(statement("Deny", "s3:GetObject", "")))
            #expect(try await s3.refusal("GetObject", as: .anonymous) == "AccessDenied")
            let condition = #",\"Condition\":{\"StringEquals\":{\"s3:x-amz-acl\":\"bucket-owner-full-control\"}}"#
            try await s3.call(
                "PutBucketPolicy",
                policy(
                    statement("Allow", "s3:PutObject", condition) + ","
                        + statement("Allow", "s3:PutObjectAcl", "")))
            #expect(try await s3.refusal("PutObject", as: stranger, bytes: [1]) == "AccessDenied")
            let control = #","ACL":"bucket-owner-full-control""#
            #expect(try await s3.refusal("PutObject", control, as: stranger, bytes: [1]) == nil)
        }
    }

    @Test("A policy may ask for the tags an object has, those a request gives, and where a copy comes from")
    func conditions() async throws {
        let allow = { (action: String, key: String, value: String) in
            let condition = #"\"Condition\":{\"StringLike\":{\"\#(key)\":\"\#(value)\"}}"#
            return
                #"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"\#(action)\",\"Resource\":\"arn:aws:s3:::pictures/*\",\#(condition)}"#
        }
        let policy = { (statement: String) in
            #"{"Bucket":"pictures","Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[\#(statement)]}"}"#
        }
        for ownership in ["ObjectWriter", "BucketOwnerEnforced"] {
            try await S3Fixture.withLists(ownership: ownership) { s3 in
                try await s3.put("cat", [1], #","Tagging":"kind=pet""#)
                try await s3.put("wolf", [1], #","Tagging":"kind=wild""#)
                try await s3.call(
                    "PutBucketPolicy",
                    policy(
                        ["s3:GetObject", "s3:GetObjectTagging"].map { allow($0, "s3:ExistingObjectTag/kind", "pet") }
                            .joined(separator: ",")))
                for operation in ["GetObject", "HeadObject", "GetObjectTagging"] {
                    #expect(try await s3.refusal(operation, as: stranger) == nil)
                    #expect(try await s3.refusal(operation, key: "wolf", as: stranger) == "AccessDenied")
                }
                let both = ["s3:PutObject", "s3:PutObjectTagging"]
                    .map { allow($0, "s3:RequestObjectTag/kind", "pet") }.joined(separator: ",")
                try await s3.call("PutBucketPolicy", policy(both))
                let (pet, wild) = (#","Tagging":"kind=pet""#, #","Tagging":"kind=wild""#)
                #expect(try await s3.refusal("PutObject", pet, key: "dog", as: stranger, bytes: [1]) == nil)
                #expect(try await s3.refusal("PutObject", wild, key: "fox", as: stranger, bytes: [1]) == "AccessDenied")
                let copying =
                    allow("s3:PutObject", "s3:x-amz-copy-source", "pictures/c*") + ","
                    + allow("s3:GetObject", "aws:PrincipalAccount", stranger.account)
                try await s3.call("PutBucketPolicy", policy(copying))
                let from = { (key: String) in #","CopySource":"pictures/\#(key)""# }
                #expect(try await s3.refusal("CopyObject", from("cat"), key: "new", as: stranger) == nil)
                #expect(try await s3.refusal("CopyObject", from("wolf"), key: "new", as: stranger) == "AccessDenied")
            }
        }
    }

    @Test(
        "Tags given with an object ask for a permission of their own",
        arguments: ["PutObject", "CreateMultipartUpload"])
    func tagsOfNewObjects(_ operation: String) async throws {
        let policy = { (actions: String) in
            #"{"Bucket":"pictures","Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","#
                + #"\"Principal\":\"*\",\"Action\":[\#(actions)],\"Resource\":\"arn:aws:s3:::pictures/*\"}]}"}"#
        }
        try await S3Fixture.withLists { s3 in
            try await s3.call("PutBucketPolicy", policy(#"\"s3:PutObject\""#))
            #expect(try await s3.refusal(operation, key: "dog", as: stranger, bytes: []) == nil)
            let tagged = #","Tagging":"kind=pet""#
            #expect(try await s3.refusal(operation, tagged, key: "dog", as: stranger, bytes: []) == "AccessDenied")
            try await s3.call("PutBucketPolicy", policy(#"\"s3:PutObject\",\"s3:PutObjectTagging\""#))
            #expect(try await s3.refusal(operation, tagged, key: "dog", as: stranger, bytes: []) == nil)
        }
    }

    @Test(
        "What cannot be a list is refused",
        arguments: [
            (#""ACL":"everything""#, "InvalidArgument"),
            (#""GrantRead":"id=_foo""#, "InvalidArgument"),
            (#""GrantRead":"uri=http://example.com/all""#, "InvalidArgument"),
            (#""GrantRead":"emailAddress=a@example.com""#, "UnresolvableGrantByEmailAddress"),
            (#""ACL":"private","GrantRead":"uri=\#(everyone)""#, "InvalidRequest"),
            (#""AccessControlPolicy":{"Grants":[]}"#, "MalformedACLError"),
            (#""Key":"cat""#, "MissingSecurityHeader"),
        ])
    func malformed(_ given: String, _ code: String) async throws {
        try await S3Fixture.withLists { s3 in
            try await s3.put("cat", [1])
            #expect(try await s3.refusal("PutBucketAcl", ",\(given)", key: nil, as: owner) == code)
        }
    }

    @Test("A bucket may begin with a list where lists count, yet not with a public one")
    func newBuckets() async throws {
        try await S3Fixture.with { s3 async throws in
            let create = { (more: String) in try await s3.error("CreateBucket", #"{"Bucket":"pictures"\#(more)}"#)?.code
            }
            #expect(try await create(#","ACL":"public-read""#) == "InvalidBucketAclWithObjectOwnership")
            let writer = #","ObjectOwnership":"ObjectWriter""#
            #expect(
                try await create(writer + #","ACL":"public-read""#) == "InvalidBucketAclWithBlockPublicAccessError")
            let id = CanonicalUser(stranger.account).id
            #expect(try await create(writer + #","GrantRead":"id=\#(id)""#) == nil)
            #expect(try await s3.grants("GetBucketAcl") == ["\(id) READ"])
        }
    }

    @Test("Lists outlive a restart")
    func durable() async throws {
        try await TemporaryFolder.with { folder in
            try await S3Fixture.with(folder) { s3 in
                try await s3.call("CreateBucket", #"{"Bucket":"pictures","ObjectOwnership":"ObjectWriter"}"#)
                try await s3.call(
                    "PutBucketAcl",
                    #"{"Bucket":"pictures","GrantWrite":"uri=http://acs.amazonaws.com/groups/s3/LogDelivery"}"#)
                try await s3.put("cat", [1], #","GrantReadACP":"id=\#(CanonicalUser("222222222222").id)""#)
            }
            try await S3Fixture.with(folder) { s3 async throws in
                #expect(try await s3.grants("GetBucketAcl") == ["http://acs.amazonaws.com/groups/s3/LogDelivery WRITE"])
                #expect(
                    try await s3.grants("GetObjectAcl", #","Key":"cat""#)
                        == ["\(CanonicalUser("222222222222").id) READ_ACP"])
            }
        }
    }
}
