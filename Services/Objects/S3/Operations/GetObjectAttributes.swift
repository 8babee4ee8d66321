import ServiceKit

/// Answers chosen facts about an object.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html)
struct GetObjectAttributes: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        let wanted: Set<String>
        let partLimit: Int
        let partMarker: Int
        let customerKey: CustomerKeyHeaders

        init(_ member: Members) throws {
            object = try ObjectReference(member)
            wanted = Set(try member("ObjectAttributes") as [String])
            partLimit = max(0, min(try member("MaxParts") ?? Limits.pageSize, Limits.pageSize))
            let marker: JSONValue? = try member("PartNumberMarker")
            partMarker = marker?.string.flatMap { Int($0) } ?? marker?.int64.map { Int($0) } ?? 0
            customerKey = try CustomerKeyHeaders(member)
        }
    }

    struct Answer: OutputShape {
        let input: Input
        let object: StoredObject
        let bucket: Bucket

        func write(to json: inout JSONWriter) {
            json.member("LastModified", object.modified)
            if bucket.versioning != .unversioned { json.member("VersionId", object.version) }
            // Here, and only here, without quotes.
            if input.wanted.contains("ETag") { json.member("ETag", object.etag) }
            if input.wanted.contains("Checksum"), let checksum = object.checksum {
                json.member("Checksum") { $0.object { checksum.withoutPartCount.write(to: &$0) } }
            }
            if input.wanted.contains("ObjectParts"), let count = object.partCount {
                json.member("ObjectParts") { $0.object { writeParts(to: &$0, count) } }
            }
            if input.wanted.contains("StorageClass") { json.member("StorageClass", object.storageClass) }
            if input.wanted.contains("ObjectSize") { json.member("ObjectSize", object.size) }
        }

        private func writeParts(to json: inout JSONWriter, _ count: Int) {
            json.member("TotalPartsCount", count)
            // Parts are told of where each was sent with a checksum that the object's is made of.
            guard object.checksum?.type == .composite else { return }
            let parts = object.segments.enumerated().dropFirst(input.partMarker).prefix(input.partLimit)
            json.member("PartNumberMarker", "\(input.partMarker)")
            json.member("NextPartNumberMarker", "\((parts.last?.offset ?? -1) + 1)")
            json.member("MaxParts", input.partLimit)
            json.member("IsTruncated", input.partMarker + parts.count < count)
            json.member("Parts") { json in
                json.array { json in
                    for (index, segment) in parts {
                        json.object { json in
                            json.member("PartNumber", index + 1)
                            json.member("Size", segment.size)
                            if let algorithm = object.checksum?.algorithm {
                                json.member(algorithm.member, segment.checksum)
                            }
                        }
                    }
                }
            }
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.versionedPermission("s3:GetObject", on: input.object, in: call),
            try await store.versionedPermission("s3:GetObjectAttributes", on: input.object, in: call),
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.object.bucket)
        let object = try await store.concealing(input.object, in: call) {
            try await store.read { try $0.existingObject(input.object, in: bucket) }
        }
        try await store.recheck("s3:GetObject", with: object, at: input.object, in: call)
        try store.keys.check(object.encryption, with: try input.customerKey.customerKey())
        return Output(
            answer: Answer(input: input, object: object, bucket: bucket), charge: bucket.charge(to: call.caller))
    }
}
