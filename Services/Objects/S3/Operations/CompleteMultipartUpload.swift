import ServiceKit

/// Makes an object of the parts of an upload.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html)
struct CompleteMultipartUpload: AWSOperation {
    struct Input: InputShape {
        let upload: UploadReference
        let parts: [MultipartAssembly.Named]
        let claims: [ChecksumAlgorithm: String]
        let checksumType: String?
        let size: Int64?
        let preconditions: WritePreconditions
        let written: WriteConditions
        private let customerKey: CustomerKeyHeaders

        init(_ member: Members) throws {
            upload = try UploadReference(member)
            let list: JSONValue? = try member("MultipartUpload")
            parts = try list.map { try Members($0)("Parts") ?? [] } ?? []
            var claims: [ChecksumAlgorithm: String] = [:]
            for algorithm in ChecksumAlgorithm.allCases { claims[algorithm] = try member(algorithm.member) }
            self.claims = claims
            checksumType = try member("ChecksumType")
            size = try member("MpuObjectSize")
            preconditions = try WritePreconditions(member)
            written = try WriteConditions(member, creates: true)
            customerKey = try CustomerKeyHeaders(member)
        }

        /// A customer's key is asked for where the upload's checksums tell of what it protects.
        ///
        /// - Throws: `InvalidRequest`
        func check(_ upload: Upload, _ keys: ObjectKeys) throws {
            let key = try customerKey.customerKey()
            guard key != nil || upload.givenAlgorithm != nil else { return }
            try keys.check(upload.encryption, with: key)
        }

        /// - Throws: `BadDigest`, `InvalidRequest`
        func check(_ assembly: MultipartAssembly) throws {
            let expected = assembly.upload.checksumType
            guard checksumType == nil || checksumType?.uppercased() == expected.rawValue else {
                throw ServiceError.otherChecksumType(expected)
            }
            if let size, size != assembly.size {
                throw ServiceError.invalidRequest(
                    "The provided 'x-amz-mp-object-size' header does not match what was computed.")
            }
            guard let checksum = assembly.checksum, let claimed = claims[checksum.algorithm] else { return }
            let value = checksum.value.split(separator: "-").first ?? ""
            guard claimed == checksum.value || claimed == value else {
                throw ServiceError.badChecksum(checksum.algorithm.rawValue)
            }
        }
    }

    struct Answer: OutputShape {
        let location: String
        let bucket: String
        let key: String
        let etag: String
        let checksum: ContentChecksum?
        let version: String?
        let encryption: Encryption?
        let expiry: String?

        func write(to json: inout JSONWriter) {
            json.member("Location", location)
            json.member("Bucket", bucket)
            json.member("Key", key)
            json.member("ETag", "\"\(etag)\"")
            checksum?.write(to: &json)
            json.member("VersionId", version)
            json.member("Expiration", expiry)
            encryption?.write(to: &json)
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutObject", on: input.upload.object, in: call, context: input.written.keys)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let (files, keys) = (store.files, store.keys)
        let reference = input.upload
        let completed = try await store.write(in: reference.object.bucket) { transaction, bucket in
            // Asked once more because the answer got lost: the same answer.
            if let done = try transaction.object(from: reference.id, key: reference.object.key, in: bucket) {
                return output(
                    done.etag, done.checksum, done.version, done.encryption, input, bucket, call,
                    bucket.expiry(of: done.key, size: done.size, done.tags, modified: done.modified))
            }
            let upload = try transaction.upload(reference.id, key: reference.object.key, in: bucket)
            try input.check(upload, keys)
            let stored = try transaction.parts(of: reference.id)
            let assembly = try MultipartAssembly(upload, stored: stored, named: input.parts)
            try input.check(assembly)
            let current = try transaction.object(upload.key, in: bucket)
            try input.preconditions.check(current.flatMap { $0.isDeleteMarker ? nil : $0 }, key: upload.key)
            let draft = assembly.draft()
            let (version, replaced) = try transaction.put(draft, in: bucket, for: call)
            try transaction.deleteUpload(upload.id)
            try transaction.notify(
                .created("CompleteMultipartUpload", draft, version: version), of: bucket, in: call)
            let unneeded = replaced + assembly.unneeded(of: stored)
            transaction.afterCommit { files.remove(unneeded) }
            return output(
                draft.etag, draft.checksum, version, draft.encryption, input, bucket, call,
                bucket.expiry(of: draft, modified: call.now))
        }
        return try await store.charged(completed, for: reference.object.bucket, in: call)
    }

    private func output(
        _ etag: String, _ checksum: ContentChecksum?, _ version: String, _ encryption: Encryption?, _ input: Input,
        _ bucket: Bucket, _ call: Call, _ expiry: String?
    ) -> Answer {
        let key = input.upload.object.key
        return Answer(
            location: "\(call.source.endpoint)/\(bucket.name)/\(PercentEncoding.string(key, keepingSlash: true))",
            bucket: bucket.name, key: key, etag: etag, checksum: checksum,
            version: bucket.versioning == .enabled ? version : nil, encryption: encryption, expiry: expiry)
    }
}
