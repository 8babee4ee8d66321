import ServiceKit

/// Says who is told of what happens in a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html)
struct PutBucketNotificationConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            let given: JSONValue = try member("NotificationConfiguration")
            if given["EventBridgeConfiguration"] != nil {
                throw ServiceError.notImplemented("EventBridgeConfiguration")
            }
            configuration = try NotificationConfiguration.withIdentifiers(given)
            try NotificationConfiguration.check(try NotificationConfiguration.rules(in: configuration))
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketNotification", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.notification, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
