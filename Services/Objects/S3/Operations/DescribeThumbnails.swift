import ServiceKit

/// Tells Thumbnails whose a bucket is and what its tag asks for. Input: `Bucket`. Output: `Account`, `Region`, `Target`.
struct DescribeThumbnails: AWSOperation {
    struct Output: OutputShape {
        let bucket: Bucket
        let target: String?

        func write(to json: inout JSONWriter) {
            json.member("Account", bucket.account)
            json.member("Region", bucket.region)
            json.member("Target", target)
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) -> [Permission] { [] }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        return Output(
            bucket: bucket, target: try NotificationConfiguration.thumbnailTag(in: bucket.configurations))
    }
}
