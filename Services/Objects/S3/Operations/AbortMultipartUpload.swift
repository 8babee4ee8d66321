import ServiceKit

/// Gives up an upload and its parts.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html)
struct AbortMultipartUpload: AWSOperation {
    struct Input: InputShape {
        let upload: UploadReference

        init(_ member: Members) throws { upload = try UploadReference(member) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:AbortMultipartUpload", on: input.upload, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Charged<NoOutput> {
        let files = store.files
        try await store.write(in: input.upload.object.bucket) { transaction, bucket in
            let upload = try transaction.upload(input.upload.id, key: input.upload.object.key, in: bucket)
            let unneeded = try transaction.parts(of: upload.id).flatMap { $0.segments.map(\.file) }
            try transaction.deleteUpload(upload.id)
            transaction.afterCommit { files.remove(unneeded) }
        }
        return try await store.charged(NoOutput(), for: input.upload.object.bucket, in: call)
    }
}
