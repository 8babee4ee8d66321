import ServiceKit

/// Lists the uploads of a bucket that are not completed.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html)
struct ListMultipartUploads: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let prefix: String?
        let delimiter: String?
        let keyMarker: String?
        let uploadMarker: String?
        let limit: Int?
        let encodingType: String?
        let encoding: ListingEncoding

        init(_ member: Members) throws {
            bucket = try BucketReference(member, asksPayer: true)
            prefix = try member("Prefix")
            delimiter = try member("Delimiter")
            keyMarker = try member("KeyMarker")
            uploadMarker = try member("UploadIdMarker")
            limit = try member("MaxUploads")
            encodingType = try member("EncodingType")
            encoding = try ListingEncoding(encodingType)
        }
    }

    struct Answer: OutputShape {
        let input: Input
        let bucket: Bucket
        let limit: Int
        let uploads: [Upload]
        let end: ListingEnd

        func write(to json: inout JSONWriter) {
            let encoding = input.encoding
            json.member("Bucket", bucket.name)
            json.member("KeyMarker", encoding(input.keyMarker ?? ""))
            json.member("UploadIdMarker", input.uploadMarker ?? "")
            json.member("NextKeyMarker", encoding(end.next))
            json.member("NextUploadIdMarker", end.next == nil ? nil : uploads.last?.id)
            json.member("Prefix", encoding(input.prefix))
            json.member("Delimiter", encoding(input.delimiter))
            json.member("MaxUploads", limit)
            json.member("EncodingType", input.encodingType)
            json.member("IsTruncated", end.next != nil)
            json.member("Uploads") { json in
                json.array { json in
                    for upload in uploads { json.object { write(upload, to: &$0) } }
                }
            }
            json.write(commonPrefixes: end.prefixes, encoding)
        }

        private func write(_ upload: Upload, to json: inout JSONWriter) {
            json.member("Key", input.encoding(upload.key))
            json.member("UploadId", upload.id)
            json.member("Initiated", upload.initiated)
            json.member("StorageClass", upload.storageClass)
            json.member("Owner", upload.list?.owner ?? bucket.owner)
            json.member("Initiator") { $0.object { upload.writeInitiator(to: &$0) } }
            json.member("ChecksumAlgorithm", upload.givenAlgorithm?.rawValue)
            json.member("ChecksumType", upload.checksumType.rawValue)
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.listPermission(
            "s3:ListBucketMultipartUploads", on: input.bucket, prefix: input.prefix, delimiter: input.delimiter,
            maxKeys: nil, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        let query = try ListingQuery(
            prefix: input.prefix, delimiter: input.delimiter, after: input.keyMarker, limit: input.limit)
        let (uploads, end) = try await store.read {
            try $0.uploads(in: bucket, query, afterUpload: input.uploadMarker)
        }
        let output = Answer(
            input: input, bucket: bucket, limit: query.limit, uploads: uploads, end: end)
        return Output(answer: output, charge: bucket.charge(to: call.caller))
    }
}
