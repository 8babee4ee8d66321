import ServiceKit

/// Answers whether a bucket asked for faster transfers.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html)
struct GetBucketAccelerateConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        init(_ member: Members) throws { bucket = try BucketReference(member, asksPayer: true) }
    }

    struct Output: OutputShape {
        /// `nil` for a bucket that never asked.
        let status: String?
        let charge: RequestCharge

        func write(to json: inout JSONWriter) {
            json.member("Status", status)
            json.member(charge)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetAccelerateConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        return Output(
            status: bucket.configurations[.accelerate]?["Status"]?.string, charge: bucket.charge(to: call.caller))
    }
}
