import ServiceKit

/// Lists the parts of an upload that have arrived.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html)
struct ListParts: AWSOperation {
    struct Input: InputShape {
        let upload: UploadReference
        let limit: Int
        let marker: Int

        init(_ member: Members) throws {
            upload = try UploadReference(member)
            limit = max(0, min(try member("MaxParts") ?? Limits.pageSize, Limits.pageSize))
            // The model's type is a string that holds a number.
            let marker: JSONValue? = try member("PartNumberMarker")
            self.marker = marker?.string.flatMap { Int($0) } ?? marker?.int64.map { Int($0) } ?? 0
        }
    }

    struct Answer: OutputShape {
        let bucket: Bucket
        let upload: Upload
        let input: Input
        let parts: [Part]
        let isTruncated: Bool

        func write(to json: inout JSONWriter) {
            json.member("Bucket", bucket.name)
            json.member("Key", upload.key)
            json.member("UploadId", upload.id)
            bucket.abortion(of: upload)?.write(to: &json)
            json.member("PartNumberMarker", "\(input.marker)")
            json.member("NextPartNumberMarker", "\(parts.last?.number ?? 0)")
            json.member("MaxParts", input.limit)
            json.member("IsTruncated", isTruncated)
            json.member("Parts") { json in
                json.array { json in
                    for part in parts { json.object { part.write(to: &$0) } }
                }
            }
            json.member("Initiator") { $0.object { upload.writeInitiator(to: &$0) } }
            json.member("Owner", upload.list?.owner ?? bucket.owner)
            json.member("StorageClass", upload.storageClass)
            json.member("ChecksumAlgorithm", upload.givenAlgorithm?.rawValue)
            json.member("ChecksumType", upload.checksumType.rawValue)
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:ListMultipartUploadParts", on: input.upload, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let upload = try await store.upload(input.upload)
        let parts = try await store.read {
            try $0.parts(of: upload.id, after: input.marker, limit: input.limit + 1)
        }
        let bucket = try await store.bucket(input.upload.object.bucket)
        let output = Answer(
            bucket: bucket, upload: upload, input: input,
            parts: Array(parts.prefix(input.limit)), isTruncated: parts.count > input.limit)
        return Output(answer: output, charge: bucket.charge(to: call.caller))
    }
}
