import ServiceKit

/// Copies an object, or a range of it, into one part of an upload.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html)
struct UploadPartCopy: AWSOperation {
    struct Input: InputShape {
        let upload: UploadReference
        let number: Int
        let source: CopySource
        let range: String?
        let sourceKey: CustomerKeyHeaders
        let customerKey: CustomerKeyHeaders

        init(_ member: Members) throws {
            upload = try UploadReference(member)
            number = try UploadReference.partNumber(member)
            source = try CopySource(member)
            range = try member("CopySourceRange")
            sourceKey = try CustomerKeyHeaders(member, prefix: "CopySource")
            customerKey = try CustomerKeyHeaders(member)
        }

        func select(_ object: StoredObject) throws -> Range<Int64> {
            try source.preconditions.checkCopySource(object)
            guard let range else { return 0..<object.size }
            guard case .between(let first, let last) = ByteRange(range) else {
                throw ServiceError.invalidArgument(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are "
                        + "the zero-based offsets of the first and last bytes to copy", "x-amz-copy-source-range",
                    range)
            }
            guard last < object.size else { throw ServiceError.invalidRange(range, size: object.size) }
            return first..<last + 1
        }
    }

    struct Answer: OutputShape {
        let part: Part
        let sourceVersion: String?
        let encryption: Encryption?

        func write(to json: inout JSONWriter) {
            encryption?.write(to: &json)
            json.member("CopySourceVersionId", sourceVersion)
            json.member("CopyPartResult") { json in
                json.object { json in
                    json.member("ETag", "\"\(part.etag)\"")
                    json.member("LastModified", part.modified)
                    part.checksum?.write(to: &json, withType: false)
                }
            }
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.versionedPermission("s3:GetObject", on: input.source.object, in: call),
            try await store.permission(
                "s3:PutObject", on: input.upload.object, in: call,
                context: input.source.conditions.merging(WriteConditions.ofParts) { given, _ in given }),
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let upload = try await store.upload(input.upload)
        let target = try await store.bucket(input.upload.object.bucket)
        let key = try await store.keys.open(
            upload.encryption, with: try input.customerKey.customerKey(), KeyRequest(for: upload.key, in: target, call))
        let (source, body) = try await store.open(
            input.source.object, with: try input.sourceKey.customerKey(), in: call, for: .copy,
            choose: input.select)
        try await store.recheck("s3:GetObject", with: source, at: input.source.object, in: call)
        let receiver = ContentReceiver(
            files: store.files, claim: .none(computing: upload.algorithm), key: key, allowsInline: false)
        let received = try await receiver.receive(body, declared: nil, limit: Limits.putSize)
        let part = try await store.put(
            received, etag: upload.entityTag(received.md5, key), as: input.number, of: input.upload, at: call.now)
        let bucket = try await store.bucket(input.source.object.bucket)
        let output = Answer(
            part: part, sourceVersion: bucket.versioning == .unversioned ? nil : source.version,
            encryption: upload.encryption)
        return Output(answer: output, charge: target.charge(to: call.caller))
    }
}
