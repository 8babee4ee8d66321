import ServiceKit

/// Tells whether a bucket exists and the caller may list it.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html)
struct HeadBucket: AWSOperation {
    struct Output: OutputShape {
        let bucket: Bucket

        func write(to json: inout JSONWriter) {
            json.member("BucketRegion", bucket.region)
            json.member("BucketArn", bucket.arn)
            json.member("AccessPointAlias", false)
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:ListBucket", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        Output(bucket: try await store.bucket(input.bucket))
    }
}
