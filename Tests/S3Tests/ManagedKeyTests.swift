import KMS
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import S3

/// Objects whose keys KMS seals, with a KMS on the bus that enforces policies.
@Suite(.serialized) struct ManagedKeyTests {
    private static let account = TestHost.account
    private let ann = Caller(.user, account: account, arn: "arn:aws:iam::\(account):user/ann", userID: "AIDAANN")

    /// S3 lets everybody do everything, so that what is refused is refused by KMS.
    private func with(_ body: (S3Fixture, TestHost) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let policies = PolicyAuthorizer(source: NoPolicies())
            try await TestHost.with("auth", folder: folder, authorizer: policies, Self.compose) { auth -> Void in
                try auth.serve()
                try await S3Fixture.with(folder) { s3 -> Void in
                    try await s3.createBucket()
                    try await body(s3, auth)
                }
            }
        }
    }

    private static func compose(_ host: ServiceHost) async throws -> [AWSService] { [try KMS.service(on: host)] }

    private struct NoPolicies: PolicySource {
        func policies(of principal: String) async throws -> IdentityPolicies { IdentityPolicies() }
    }

    private func makeKey(_ kms: TestHost) async throws -> String {
        try #require(try await kms.call("kms", "CreateKey")["KeyMetadata", "Arn"]?.string)
    }

    private func stored(_ folder: String) throws -> String {
        let bytes = try FolderListing.names(in: "\(folder)/objects/bytes").map { "bytes/\($0)" }
        return String(
            decoding: (bytes + ["objects.db", "objects.db-wal"]).flatMap {
                (try? FileBytes.read("\(folder)/objects/\($0)", limit: 1 << 30)) ?? []
            }, as: UTF8.self)
    }

    @Test("An object comes back whole and in ranges, and lies enciphered", arguments: [1000, 300_000])
    func roundTrip(_ size: Int) async throws {
        let bytes = Array(String(repeating: "the crown jewels ", count: size / 17 + 1).utf8.prefix(size))
        try await with { s3, kms in
            let key = try await makeKey(kms)
            let answer = try await s3.put(
                "a", bytes, #","ServerSideEncryption":"aws:kms","SSEKMSKeyId":"\#(key)""#)
            #expect(answer["SSEKMSKeyId"]?.string == key)
            #expect(answer["ETag"]?.string != "\"\(Hex.string(MD5.hash(bytes)))\"")
            #expect(try !stored(s3.folder).contains("crown jewels"))
            let (head, whole) = try await s3.get("a")
            #expect(whole == bytes)
            #expect(head["ServerSideEncryption"]?.string == "aws:kms" && head["SSEKMSKeyId"]?.string == key)
            let part = try await s3.get("a", #","Range":"bytes=\#(size - 33)-""#).bytes
            #expect(part == Array(bytes.suffix(33)))
        }
    }

    @Test("Without a key's name S3's own is used, which everybody of the account may use through S3")
    func ownKey() async throws {
        try await with { s3, _ in
            let put = #"{"Bucket":"pictures","Key":"a","ServerSideEncryption":"aws:kms"}"#
            try await s3.host.call("s3", "PutObject", put, as: ann, body: ByteStream([1, 2, 3]))
            let get = #"{"Bucket":"pictures","Key":"a"}"#
            let (_, stream) = try await s3.host.reply("s3", "GetObject", get, as: ann)
            #expect(try await stream?.collect(upTo: 10) == [1, 2, 3])
            let anybody = try await s3.host.error(of: "s3", "GetObject", get, as: .anonymous)
            #expect(anybody?.code == "InvalidArgument")
            var former = ann
            former.context["s3:signatureversion"] = ["AWS"]
            #expect(try await s3.host.error(of: "s3", "GetObject", get, as: former)?.code == "InvalidArgument")
        }
    }

    @Test("Who may not use the key may not read the object; disabled and unknown keys are named")
    func refusals() async throws {
        try await with { s3, kms in
            let key = try await makeKey(kms)
            try await s3.put("a", [1], #","ServerSideEncryption":"aws:kms","SSEKMSKeyId":"\#(key)""#)
            let get = #"{"Bucket":"pictures","Key":"a"}"#
            let denied = try await s3.host.error(of: "s3", "GetObject", get, as: ann)
            #expect(denied?.code == "AccessDenied" && denied?.status == 403)
            #expect(denied?.message.contains("kms:Decrypt") == true)
            // Headers tell nothing that the key protects; checksums do.
            #expect(try await s3.host.error(of: "s3", "HeadObject", get, as: ann) == nil)
            let checked = #"{"Bucket":"pictures","Key":"a","ChecksumMode":"ENABLED"}"#
            #expect(try await s3.host.error(of: "s3", "HeadObject", checked, as: ann)?.code == "AccessDenied")
            try await kms.call("kms", "DisableKey", #"{"KeyId":"\#(key)"}"#)
            #expect(try await s3.error("GetObject", get)?.code == "KMS.DisabledException")
            let unknown = "11111111-2222-3333-4444-555555555555"
            let put =
                #"{"Bucket":"pictures","Key":"b","ServerSideEncryption":"aws:kms","SSEKMSKeyId":"\#(unknown)"}"#
            #expect(try await s3.error("PutObject", put, body: [1])?.code == "KMS.NotFoundException")
        }
    }

    @Test("The encryption context is the request's own beside the object's name, or the bucket's with a bucket key")
    func contexts() async throws {
        try await with { s3, kms in
            let policy = { (arn: String) in
                #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"\#(Self.account)\"},\"Action\":\"kms:*\",\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"\#(self.ann.arn)\"},\"Action\":\"kms:Decrypt\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"kms:EncryptionContext:aws:s3:arn\":\"\#(arn)\",\"kms:EncryptionContext:team\":\"blue\"}}}]}"#
            }
            let context = Base64.string(Array(#"{"team":"blue"}"#.utf8))
            for (usesBucketKey, arn) in [(false, "arn:aws:s3:::pictures/a"), (true, "arn:aws:s3:::pictures")] {
                let made = try await kms.call("kms", "CreateKey", #"{"Policy":"\#(policy(arn))"}"#)
                let key = try #require(made["KeyMetadata", "Arn"]?.string)
                let more =
                    #","ServerSideEncryption":"aws:kms","SSEKMSKeyId":"\#(key)","SSEKMSEncryptionContext":"\#(context)","BucketKeyEnabled":\#(usesBucketKey)"#
                let answer = try await s3.put("a", [1], more)
                #expect(answer["SSEKMSEncryptionContext"]?.string == context)
                #expect(answer["BucketKeyEnabled"]?.bool == (usesBucketKey ? true : nil))
                try await s3.put("other", [1], more)
                func code(_ name: String) async throws -> String? {
                    let get = #"{"Bucket":"pictures","Key":"\#(name)"}"#
                    return try await s3.host.error(of: "s3", "GetObject", get, as: ann)?.code
                }
                #expect(try await code("a") == nil)
                #expect(try await code("other") == (usesBucketKey ? nil : "AccessDenied"))
            }
        }
    }

    @Test("A bucket's default holds for objects, uploads in parts and copies")
    func bucketDefault() async throws {
        let bytes = testBytes(70_000)
        try await with { s3, kms in
            let key = try await makeKey(kms)
            let rule =
                #"{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"\#(key)"},"BucketKeyEnabled":true}"#
            try await s3.put("plain", bytes)
            try await s3.call(
                "PutBucketEncryption",
                #"{"Bucket":"pictures","ServerSideEncryptionConfiguration":{"Rules":[\#(rule)]}}"#)
            let begun = try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"parts"}"#)
            #expect(begun["SSEKMSKeyId"]?.string == key)
            let id = begun["UploadId"]?.string ?? ""
            let part = try await s3.call(
                "UploadPart", #"{"Bucket":"pictures","Key":"parts","UploadId":"\#(id)","PartNumber":1}"#, body: bytes)
            let etag = String(decoding: part["ETag"]?.rawBytes ?? [], as: UTF8.self)
            let done = try await s3.call(
                "CompleteMultipartUpload",
                #"{"Bucket":"pictures","Key":"parts","UploadId":"\#(id)","MultipartUpload":{"Parts":[{"PartNumber":1,"ETag":\#(etag)}]}}"#
            )
            #expect(done["SSEKMSKeyId"]?.string == key && done["BucketKeyEnabled"]?.bool == true)
            try await s3.call(
                "CopyObject", #"{"Bucket":"pictures","Key":"copy","CopySource":"pictures/plain"}"#)
            for name in ["parts", "copy"] {
                let (head, body) = try await s3.get(name)
                #expect(body == bytes && head["SSEKMSKeyId"]?.string == key, "\(name)")
            }
            try await s3.call(
                "CopyObject",
                #"{"Bucket":"pictures","Key":"plain","CopySource":"pictures/parts","ServerSideEncryption":"AES256"}"#)
            #expect(try await s3.get("plain").head["ServerSideEncryption"]?.string == "AES256")
            #expect(try await s3.get("plain").bytes == bytes)
        }
    }

    @Test("Two layers come back whole and in ranges, told by their name", arguments: [1000, 300_000])
    func twoLayers(_ size: Int) async throws {
        let bytes = testBytes(size)
        try await with { s3, kms in
            let key = try await makeKey(kms)
            let answer = try await s3.put(
                "a", bytes, #","ServerSideEncryption":"aws:kms:dsse","SSEKMSKeyId":"\#(key)","BucketKeyEnabled":true"#)
            #expect(answer["ServerSideEncryption"]?.string == "aws:kms:dsse" && answer["BucketKeyEnabled"] == nil)
            let (head, whole) = try await s3.get("a")
            #expect(whole == bytes && head["SSEKMSKeyId"]?.string == key)
            #expect(try await s3.get("a", #","Range":"bytes=\#(size - 33)-""#).bytes == Array(bytes.suffix(33)))
            try await s3.call("CopyObject", #"{"Bucket":"pictures","Key":"b","CopySource":"pictures/a"}"#)
            #expect(try await s3.get("b").bytes == bytes)
            let fixed = #","ObjectEncryption":{"SSEKMS":{"KMSKeyArn":"\#(key)"}}}"#
            let refusal = try await s3.error("UpdateObjectEncryption", #"{"Bucket":"pictures","Key":"a""# + fixed)
            #expect(refusal?.code == "InvalidRequest")
        }
    }

    @Test("An object's key moves under another key of KMS, and its bytes stay", arguments: [1000, 300_000])
    func update(_ size: Int) async throws {
        let bytes = testBytes(size)
        try await with { s3, kms in
            let (first, second) = (try await makeKey(kms), try await makeKey(kms))
            let etag = try await s3.put("a", bytes)["ETag"]?.string
            for (key, bucketKey) in [(first, false), (second, true)] {
                try await s3.call(
                    "UpdateObjectEncryption",
                    #"{"Bucket":"pictures","Key":"a","ObjectEncryption":{"SSEKMS":{"KMSKeyArn":"\#(key)","#
                        + #""BucketKeyEnabled":\#(bucketKey)}}}"#)
                let (head, whole) = try await s3.get("a")
                #expect(whole == bytes && head["SSEKMSKeyId"]?.string == key && head["ETag"]?.string == etag)
                #expect(head["ServerSideEncryption"]?.string == "aws:kms")
            }
            try await kms.call("kms", "DisableKey", #"{"KeyId":"\#(second)"}"#)
            #expect(
                try await s3.error("GetObject", #"{"Bucket":"pictures","Key":"a"}"#)?.code == "KMS.DisabledException")
        }
    }
}
