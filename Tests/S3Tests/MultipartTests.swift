import ServiceKit
import TestSupport
import Testing

@testable import S3

@Suite struct MultipartTests {
    private static let partSize = 5 << 20

    private struct Uploaded {
        let id: String
        let parts: [[UInt8]]
        let etags: [String]
        /// `,"ChecksumSHA256":"…"` of each part, or nothing.
        var claims: [String]

        var completion: String {
            let list = etags.indices.map { #"{"PartNumber":\#($0 + 1),"ETag":\#(etags[$0])\#(claims[$0])}"# }
                .joined(separator: ",")
            return #"{"Bucket":"pictures","Key":"big","UploadId":"\#(id)","MultipartUpload":{"Parts":[\#(list)]}}"#
        }
    }

    /// - Parameter algorithm: of the checksum that each part is sent with.
    private func upload(
        _ s3: S3Fixture, sizes: [Int], _ more: String = "", parts algorithm: ChecksumAlgorithm? = nil
    ) async throws -> Uploaded {
        let bytes = testBytes(sizes.reduce(0, +))
        let id =
            try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"big"\#(more)}"#)["UploadId"]?
            .string ?? ""
        var (parts, etags, claims, start): ([[UInt8]], [String], [String], Int) = ([], [], [], 0)
        for (index, size) in sizes.enumerated() {
            let part = Array(bytes[start..<start + size])
            let claim = algorithm.map { #","\#($0.member)":"\#($0.sum(of: part))""# } ?? ""
            let input = #"{"Bucket":"pictures","Key":"big","UploadId":"\#(id)","PartNumber":\#(index + 1)\#(claim)}"#
            let answer = try await s3.call("UploadPart", input, body: part)
            claims.append(claim)
            etags.append(String(decoding: answer["ETag"]?.rawBytes ?? [], as: UTF8.self))
            parts.append(part)
            start += size
        }
        return Uploaded(id: id, parts: parts, etags: etags, claims: claims)
    }

    @Test("Parts become one object with the right bytes, entity tag, size and checksum, also after a restart")
    func complete() async throws {
        try await TemporaryFolder.with { folder in
            let uploaded = try await S3Fixture.with(folder) { s3 in
                try await s3.createBucket()
                return try await upload(s3, sizes: [Self.partSize, Self.partSize + 7, 3], #","ContentType":"x/y""#)
            }
            let whole = uploaded.parts.flatMap { $0 }
            try await S3Fixture.with(folder) { s3 in
                let answer = try await s3.call("CompleteMultipartUpload", uploaded.completion)
                let etag = Hex.string(MD5.hash(uploaded.parts.flatMap { MD5.hash($0) })) + "-3"
                #expect(answer["ETag"]?.string == "\"\(etag)\"")
                #expect(answer["ChecksumCRC64NVME"]?.string == Base64.string(CRC64NVME.hash(whole)))
                let (head, body) = try await s3.get("big")
                #expect(body == whole)
                #expect(head["ContentType"]?.string == "x/y")
                let (second, part) = try await s3.get("big", #","PartNumber":2"#)
                #expect(part == uploaded.parts[1])
                #expect(second["PartsCount"]?.int64 == 3)
                let edge = Self.partSize - 2
                let (_, across) = try await s3.get("big", #","Range":"bytes=\#(edge)-\#(edge + 3)""#)
                #expect(across == Array(whole[edge...edge + 3]))
                // The answer may have got lost: completing once more answers the same.
                let again = try await s3.call("CompleteMultipartUpload", uploaded.completion)
                #expect(again["ETag"]?.string == "\"\(etag)\"")
            }
        }
    }

    @Test(
        "A composite checksum is made of the parts' checksums, and counts them wherever it is told but in attributes",
        arguments: ChecksumAlgorithm.allCases.filter { $0 != .crc64nvme })
    func compositeChecksums(_ algorithm: ChecksumAlgorithm) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let more = #","ChecksumAlgorithm":"\#(algorithm.rawValue)""#
            let composite = try await upload(s3, sizes: [Self.partSize, 9], more, parts: algorithm)
            let listed = try await s3.call(
                "ListParts", #"{"Bucket":"pictures","Key":"big","UploadId":"\#(composite.id)"}"#)
            let sums = composite.parts.map { algorithm.sum(of: $0) }
            #expect(listed["Parts"]?.elements.compactMap { $0[algorithm.member]?.string } == sums)
            let answer = try await s3.call("CompleteMultipartUpload", composite.completion)
            let value = algorithm.sum(of: sums.flatMap { Base64.decode(Array($0.utf8)) ?? [] })
            #expect(answer[algorithm.member]?.string == value + "-2")
            #expect(answer["ChecksumType"]?.string == "COMPOSITE")
            let (head, _) = try await s3.get("big", #","ChecksumMode":"ENABLED""#)
            #expect(head[algorithm.member]?.string == value + "-2")
            let facts = try await s3.call(
                "GetObjectAttributes",
                #"{"Bucket":"pictures","Key":"big","ObjectAttributes":["Checksum","ObjectParts"]}"#)
            #expect(facts["Checksum", algorithm.member]?.string == value)
            let parts = facts["ObjectParts", "Parts"]?.elements.compactMap { $0[algorithm.member]?.string }
            #expect(parts == sums)
        }
    }

    @Test("A full checksum is of the bytes, whether or not the parts come with theirs", arguments: [true, false])
    func fullChecksums(areClaimed: Bool) async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            for algorithm in ChecksumAlgorithm.allCases where algorithm.isLinear {
                let more = #","ChecksumAlgorithm":"\#(algorithm.rawValue)","ChecksumType":"FULL_OBJECT""#
                let full = try await upload(
                    s3, sizes: [Self.partSize, Self.partSize, 11], more, parts: areClaimed ? algorithm : nil)
                let answer = try await s3.call("CompleteMultipartUpload", full.completion)
                #expect(answer[algorithm.member]?.string == algorithm.sum(of: full.parts.flatMap { $0 }))
                let facts = try await s3.call(
                    "GetObjectAttributes", #"{"Bucket":"pictures","Key":"big","ObjectAttributes":["ObjectParts"]}"#)
                #expect(facts["ObjectParts", "TotalPartsCount"]?.int64 == 3)
                #expect(facts["ObjectParts", "Parts"] == nil && facts["ObjectParts", "MaxParts"] == nil)
            }
        }
    }

    @Test("Only cyclic redundancy checks are of all the bytes, and one of them of nothing else")
    func impossibleTypes() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            for algorithm in ChecksumAlgorithm.allCases {
                func message(_ type: String) async throws -> String? {
                    let input = #"{"Bucket":"pictures","Key":"k","ChecksumAlgorithm":"\#(algorithm.rawValue)","#
                    return try await s3.error("CreateMultipartUpload", input + #""ChecksumType":"\#(type)"}"#)?.message
                }
                let full = try await message("FULL_OBJECT")
                let name = algorithm.rawValue.lowercased()
                let refusal = "The FULL_OBJECT checksum type cannot be used with the \(name) checksum algorithm."
                #expect(full == (algorithm.isLinear ? nil : refusal))
                let composite = try await message("COMPOSITE")
                #expect((composite == nil) == (algorithm != .crc64nvme))
            }
        }
    }

    @Test("A part of a composite comes with the upload's checksum, and is named with it")
    func missingPartChecksums() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            var begun = try await upload(s3, sizes: [100], #","ChecksumAlgorithm":"XXHASH3""#, parts: .xxhash3)
            func refusal(_ claim: String) async throws -> String? {
                let part = #"{"Bucket":"pictures","Key":"big","UploadId":"\#(begun.id)","PartNumber":1\#(claim)}"#
                return try await s3.error("UploadPart", part, body: begun.parts[0])?.message
            }
            let mismatch = "Checksum Type mismatch occurred, expected checksum Type: xxhash3, actual checksum Type: "
            #expect(try await refusal("") == mismatch + "null")
            let other = #","ChecksumMD5":"\#(ChecksumAlgorithm.md5.sum(of: begun.parts[0]))""#
            #expect(try await refusal(other) == mismatch + "md5")
            let claims = begun.claims
            begun.claims = [""]
            let incomplete = try await s3.error("CompleteMultipartUpload", begun.completion)
            #expect(incomplete?.code == "InvalidRequest")
            #expect(incomplete?.message.hasSuffix("It was missing for part 1 in the request.") == true)
            begun.claims = [#","ChecksumXXHASH3":"AAAAAAAAAAA=""#]
            #expect(try await s3.error("CompleteMultipartUpload", begun.completion)?.code == "InvalidPart")
            begun.claims = claims
            let typed = begun.completion.dropLast() + #","ChecksumType":"FULL_OBJECT"}"#
            #expect(try await s3.error("CompleteMultipartUpload", String(typed))?.code == "BadDigest")
            try await s3.call("CompleteMultipartUpload", begun.completion)
        }
    }

    @Test("A part that is copied has the upload's checksum, and a copy the one it is asked for")
    func checksumsOfCopies() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let bytes = testBytes(70_000)
            try await s3.put("source", bytes)
            for algorithm in ChecksumAlgorithm.allCases {
                let asked = #""ChecksumAlgorithm":"\#(algorithm.rawValue)""#
                let copied = try await s3.call(
                    "CopyObject", #"{"Bucket":"pictures","Key":"copy","CopySource":"pictures/source",\#(asked)}"#)
                #expect(copied["CopyObjectResult", algorithm.member]?.string == algorithm.sum(of: bytes))
                let begun = try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"big",\#(asked)}"#)
                let upload = #""Bucket":"pictures","Key":"big","UploadId":"\#(begun["UploadId"]?.string ?? "")""#
                let part = try await s3.call(
                    "UploadPartCopy",
                    #"{\#(upload),"PartNumber":1,"CopySource":"pictures/copy","CopySourceRange":"bytes=0-9"}"#)
                #expect(part["CopyPartResult", algorithm.member]?.string == algorithm.sum(of: Array(bytes[..<10])))
            }
        }
    }

    @Test("An upload that asks for no checksum takes no part with one of the newer")
    func unannouncedChecksum() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let begun = try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"big"}"#)
            let upload = #""Bucket":"pictures","Key":"big","UploadId":"\#(begun["UploadId"]?.string ?? "")""#
            for algorithm in [ChecksumAlgorithm.md5, .sha512, .xxhash64, .xxhash3, .xxhash128] {
                let claim = #""\#(algorithm.member)":"\#(algorithm.sum(of: [1, 2]))""#
                let error = try await s3.error("UploadPart", #"{\#(upload),"PartNumber":1,\#(claim)}"#, body: [1, 2])
                #expect(error?.code == "InvalidRequest")
                let name = algorithm.rawValue.lowercased()
                #expect(error?.message.hasSuffix("expected checksum Type: null, actual checksum Type: \(name)") == true)
            }
        }
    }

    @Test("Where an upload asks for no checksum, parts come with any, and the object has a CRC-64")
    func partsOfAnyChecksum() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let bytes = testBytes(1000)
            let begun = try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"big"}"#)
            let id = begun["UploadId"]?.string ?? ""
            let claim = Base64.string(CRC32.hash(bytes))
            let part = #""Bucket":"pictures","Key":"big","UploadId":"\#(id)","PartNumber":1"#
            let answer = try await s3.call("UploadPart", #"{\#(part),"ChecksumCRC32":"\#(claim)"}"#, body: bytes)
            #expect(answer["ChecksumCRC32"]?.string == claim)
            #expect(
                try await s3.error("UploadPart", #"{\#(part),"ChecksumCRC32":"AAAAAA=="}"#, body: bytes)?.code
                    == "BadDigest")
            let etag = String(decoding: answer["ETag"]?.rawBytes ?? [], as: UTF8.self)
            let done = try await s3.call(
                "CompleteMultipartUpload",
                #"{"Bucket":"pictures","Key":"big","UploadId":"\#(id)","MultipartUpload":{"Parts":[{"PartNumber":1,"ETag":\#(etag)}]}}"#
            )
            #expect(done["ChecksumCRC64NVME"]?.string == Base64.string(CRC64NVME.hash(bytes)))
        }
    }

    @Test("Parts out of order, unknown or too small are refused, and the upload stays")
    func badCompletions() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let small = try await upload(s3, sizes: [10, 10])
            #expect(try await s3.error("CompleteMultipartUpload", small.completion)?.code == "EntityTooSmall")
            func code(_ list: String) async throws -> String? {
                let input =
                    #"{"Bucket":"pictures","Key":"big","UploadId":"\#(small.id)","MultipartUpload":{"Parts":[\#(list)]}}"#
                return try await s3.error("CompleteMultipartUpload", input)?.code
            }
            let second = #"{"PartNumber":2,"ETag":\#(small.etags[1])}"#
            let first = #"{"PartNumber":1,"ETag":\#(small.etags[0])}"#
            #expect(try await code("\(second),\(first)") == "InvalidPartOrder")
            #expect(try await code(#"{"PartNumber":3,"ETag":"x"}"#) == "InvalidPart")
            #expect(try await code(#"{"PartNumber":1,"ETag":"x"}"#) == "InvalidPart")
            #expect(try await code("") == "MalformedXML")
            let parts = try await s3.call(
                "ListParts", #"{"Bucket":"pictures","Key":"big","UploadId":"\#(small.id)","MaxParts":1}"#)
            #expect(parts["Parts"]?.elements.compactMap { $0["Size"]?.int64 } == [10])
            #expect(parts["IsTruncated"]?.bool == true)
        }
    }

    @Test("Giving up an upload, or a part for another, frees their files")
    func abort() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let uploaded = try await upload(s3, sizes: [1000, 2000])
            let input = #"{"Bucket":"pictures","Key":"big","UploadId":"\#(uploaded.id)","PartNumber":1}"#
            try await s3.call("UploadPart", input, body: testBytes(500))
            try await s3.host.until { try FolderListing.names(in: "\(s3.folder)/objects/bytes").count == 2 }
            let list = try await s3.call("ListMultipartUploads", #"{"Bucket":"pictures"}"#)
            #expect(list["Uploads"]?.elements.compactMap { $0["UploadId"]?.string } == [uploaded.id])
            let abort = #"{"Bucket":"pictures","Key":"big","UploadId":"\#(uploaded.id)"}"#
            try await s3.call("AbortMultipartUpload", abort)
            #expect(try await s3.error("AbortMultipartUpload", abort)?.code == "NoSuchUpload")
            #expect(try await s3.error("UploadPart", input, body: [1])?.code == "NoSuchUpload")
            try await s3.host.until { try FolderListing.names(in: "\(s3.folder)/objects/bytes").isEmpty }
        }
    }

    @Test("A range of an object becomes a part, and a copy of a multipart object is an object in one piece")
    func copies() async throws {
        try await S3Fixture.with { s3 in
            try await s3.createBucket()
            let source = testBytes(Self.partSize + 100)
            try await s3.put("source", source)
            let id =
                try await s3.call("CreateMultipartUpload", #"{"Bucket":"pictures","Key":"big"}"#)["UploadId"]?.string
                ?? ""
            var etags: [String] = []
            for (number, range) in [
                (1, "bytes=0-\(Self.partSize - 1)"), (2, "bytes=\(Self.partSize)-\(source.count - 1)"),
            ] {
                let input =
                    #"{"Bucket":"pictures","Key":"big","UploadId":"\#(id)","PartNumber":\#(number),"CopySource":"pictures/source","CopySourceRange":"\#(range)"}"#
                let part = try await s3.call("UploadPartCopy", input)
                etags.append(String(decoding: part["CopyPartResult", "ETag"]?.rawBytes ?? [], as: UTF8.self))
            }
            try await s3.call(
                "CompleteMultipartUpload", Uploaded(id: id, parts: [], etags: etags, claims: ["", ""]).completion)
            #expect(try await s3.get("big").bytes == source)
            let copy = try await s3.call(
                "CopyObject", #"{"Bucket":"pictures","Key":"flat","CopySource":"pictures/big"}"#)
            #expect(copy["CopyObjectResult", "ETag"]?.string == "\"\(Hex.string(MD5.hash(source)))\"")
            let attributes = try await s3.call(
                "GetObjectAttributes",
                #"{"Bucket":"pictures","Key":"big","ObjectAttributes":["ETag","ObjectParts","ObjectSize"]}"#)
            #expect(attributes["ObjectParts", "TotalPartsCount"]?.int64 == 2)
            #expect(attributes["ObjectSize"]?.int64 == Int64(source.count))
        }
    }
}

extension ChecksumAlgorithm {
    /// Base64 of the bytes' checksum.
    func sum(of bytes: [UInt8]) -> String {
        var checksum = start()
        checksum.update(bytes)
        return Base64.string(checksum.finalize())
    }
}
