import ServiceKit

/// Keeps whether a bucket wants faster transfers. All hosts of this stack are equally near, also `s3-accelerate`.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html)
struct PutBucketAccelerateConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("AccelerateConfiguration")
            guard configuration["Status"]?.string != nil else { throw ServiceError.malformedXML }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutAccelerateConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        if try await store.bucket(input.bucket).name.contains(".") {
            throw ServiceError.invalidRequest(
                "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names")
        }
        try await store.setConfiguration(.accelerate, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
