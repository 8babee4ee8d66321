import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct EncryptionTests {
    private static let keyBytes = Array("0123456789abcdef0123456789abcdef".utf8)

    private func customer(_ bytes: [UInt8] = keyBytes, _ prefix: String = "") -> String {
        #","\#(prefix)SSECustomerAlgorithm":"AES256","\#(prefix)SSECustomerKey":"\#(Base64.string(bytes))""#
            + #","\#(prefix)SSECustomerKeyMD5":"\#(Base64.string(MD5.hash(bytes)))""#
    }

    /// Everything the service stored, the write-ahead log included.
    private func stored(_ folder: String) throws -> [UInt8] {
        let bytes = try FolderListing.names(in: "\(folder)/objects/bytes").map { "bytes/\($0)" }
        return (bytes + ["objects.db", "objects.db-wal"]).flatMap {
            (try? FileBytes.read("\(folder)/objects/\($0)", limit: 1 << 30)) ?? []
        }
    }

    private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains(text)
    }

    @Test("What lies on the disk is not what was sent, and every range of it comes back", arguments: [1000, 300_000])
    func atRest(_ size: Int) async throws {
        let secret = "the crown jewels are under the third stair"
        let bytes = Array(String(repeating: secret, count: size / secret.utf8.count + 1).utf8.prefix(size))
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let answer = try await s3.put("a", bytes)
            #expect(answer["ServerSideEncryption"]?.string == "AES256")
            #expect(answer["ETag"]?.string == "\"\(Hex.string(MD5.hash(bytes)))\"")
            #expect(try !contains(stored(s3.folder), "crown jewels"))
            for (first, last) in [
                (0, size - 1), (1, 17), (16, 16), (size - 33, size - 1), (size / 2 - 5, size / 2 + 5),
            ] {
                let (head, part) = try await s3.get("a", #","Range":"bytes=\#(first)-\#(last)""#)
                #expect(part == Array(bytes[first...last]))
                #expect(head["ServerSideEncryption"]?.string == "AES256")
            }
        }
    }

    @Test("A customer's key is asked for with every request and kept nowhere", arguments: [100, 300_000])
    func customerKeys(_ size: Int) async throws {
        let bytes = testBytes(size)
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let answer = try await s3.put("a", bytes, customer())
            #expect(answer["SSECustomerAlgorithm"]?.string == "AES256")
            #expect(answer["ETag"]?.string != "\"\(Hex.string(MD5.hash(bytes)))\"")
            let (head, body) = try await s3.get("a", customer())
            #expect(body == bytes)
            #expect(head["ServerSideEncryption"] == nil)
            #expect(head["SSECustomerKeyMD5"]?.string == Base64.string(MD5.hash(Self.keyBytes)))
            let named = #""Bucket":"pictures","Key":"a""#
            let other = customer([UInt8](repeating: 7, count: 32))
            for operation in ["GetObject", "HeadObject"] {
                #expect(try await s3.error(operation, "{\(named)}")?.code == "InvalidRequest")
                #expect(try await s3.error(operation, "{\(named)\(other)}")?.code == "InvalidRequest")
            }
            #expect(try !contains(stored(s3.folder), String(decoding: Self.keyBytes, as: UTF8.self)))
        }
    }

    @Test("A copy is enciphered as its own request says, whatever its source was")
    func copies() async throws {
        let bytes = testBytes(100_000)
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            try await s3.put("plain", bytes)
            try await s3.put("locked", bytes, customer())
            func copy(_ source: String, _ target: String, _ more: String) async throws {
                try await s3.call(
                    "CopyObject",
                    #"{"Bucket":"pictures","Key":"\#(target)","CopySource":"pictures/\#(source)"\#(more)}"#)
            }
            try await copy("plain", "plain-copy", "")
            try await copy("plain", "locked-copy", customer())
            try await copy("locked", "opened", customer(Self.keyBytes, "CopySource"))
            #expect(try await s3.get("plain-copy").bytes == bytes)
            #expect(try await s3.get("locked-copy", customer()).bytes == bytes)
            #expect(try await s3.get("opened").bytes == bytes)
        }
    }

    @Test("Parts take the key their upload was begun with, and no other")
    func uploads() async throws {
        let bytes = testBytes(70_000)
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let begun = try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"a"\#(customer())}"#)
            let id = begun["UploadId"]?.string ?? ""
            let part = #""Bucket":"pictures","Key":"a","UploadId":"\#(id)","PartNumber":1"#
            #expect(try await s3.error("UploadPart", "{\(part)}", body: bytes)?.code == "InvalidRequest")
            let other = customer([UInt8](repeating: 7, count: 32))
            #expect(try await s3.error("UploadPart", "{\(part)\(other)}", body: bytes)?.code == "InvalidRequest")
            let etag = try await s3.call("UploadPart", "{\(part)\(customer())}", body: bytes)["ETag"]?.rawBytes ?? []
            let list = #"[{"PartNumber":1,"ETag":\#(String(decoding: etag, as: UTF8.self))}]"#
            try await s3.call(
                "CompleteMultipartUpload",
                #"{"Bucket":"pictures","Key":"a","UploadId":"\#(id)","MultipartUpload":{"Parts":\#(list)}}"#)
            #expect(try await s3.get("a", customer()).bytes == bytes)
            #expect(try await s3.get("a", customer() + #","Range":"bytes=69990-""#).bytes == Array(bytes.suffix(10)))
        }
    }

    @Test(
        "Halves of a key's headers, other algorithms and keys of KMS out of place are refused",
        arguments: [
            (#","SSECustomerAlgorithm":"AES256""#, "InvalidArgument"),
            (#","SSECustomerKey":"AAAA","SSECustomerKeyMD5":"AAAA""#, "InvalidArgument"),
            (#","SSECustomerAlgorithm":"AES192""#, "InvalidEncryptionAlgorithmError"),
            (
                #","SSECustomerAlgorithm":"AES256","SSECustomerKey":"AAAA","SSECustomerKeyMD5":"AAAA""#,
                "InvalidArgument"
            ),
            (#","ServerSideEncryption":"aws:kms:dsse","SSEKMSEncryptionContext":"W10=""#, "InvalidArgument"),
            (#","SSEKMSKeyId":"alias/aws/s3""#, "InvalidArgument"),
            (#","ServerSideEncryption":"AES256","SSEKMSKeyId":"alias/aws/s3""#, "InvalidArgument"),
            (#","ServerSideEncryption":"aws:kms","SSEKMSEncryptionContext":"W10=""#, "InvalidArgument"),
            (#","ServerSideEncryption":"rot13""#, "InvalidArgument"),
        ])
    func refusals(_ headers: String, _ code: String) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let error = try await s3.error("PutObject", #"{"Bucket":"pictures","Key":"a"\#(headers)}"#, body: [1])
            #expect(error?.code == code)
        }
    }
}
