import ServiceKit

/// Takes in one part of an upload.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html)
struct UploadPart: AWSOperation {
    struct Input: InputShape {
        let upload: UploadReference
        let number: Int
        let length: Int64?
        let customerKey: CustomerKeyHeaders
        private let member: Members

        init(_ member: Members) throws {
            upload = try UploadReference(member)
            number = try UploadReference.partNumber(member)
            length = try member("ContentLength")
            _ = try ChecksumClaim(member)
            self.member = member
            customerKey = try CustomerKeyHeaders(member)
        }

        /// The claim, or the computation of the upload's own checksum where nothing is claimed.
        ///
        /// - Throws: `InvalidRequest` for another checksum than the upload's, or none where its composite needs one.
        func claim(for upload: Upload) throws -> ChecksumClaim {
            let claim = try ChecksumClaim(member, default: upload.algorithm)
            let actual = claim.isNamed ? claim.algorithm : nil
            guard upload.takesParts(with: actual) else {
                throw ServiceError.checksumMismatch(expected: upload.givenAlgorithm, actual: actual)
            }
            return claim
        }
    }

    struct Answer: OutputShape {
        let part: Part
        let encryption: Encryption?

        func write(to json: inout JSONWriter) {
            json.member("ETag", "\"\(part.etag)\"")
            part.checksum?.write(to: &json, withType: false)
            encryption?.write(to: &json)
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.permission(
                "s3:PutObject", on: input.upload.object, in: call, context: WriteConditions.ofParts)
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let upload = try await store.upload(input.upload)
        let bucket = try await store.bucket(input.upload.object.bucket)
        let key = try await store.keys.open(
            upload.encryption, with: try input.customerKey.customerKey(), KeyRequest(for: upload.key, in: bucket, call))
        let received = try await store.receive(
            call, declared: input.length, claim: try input.claim(for: upload), under: key, allowsInline: false)
        let part = try await store.put(
            received, etag: upload.entityTag(received.md5, key), as: input.number, of: input.upload, at: call.now)
        return try await store.charged(
            Answer(part: part, encryption: upload.encryption), for: input.upload.object.bucket, in: call)
    }
}
