import ServiceKit

/// Says who is told of what happens in a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html)
struct PutBucketNotificationConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue
        let rules: [NotificationConfiguration.Rule]
        let skipsValidation: Bool

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            let given: JSONValue = try member("NotificationConfiguration")
            if given["EventBridgeConfiguration"] != nil {
                throw ServiceError.notImplemented("EventBridgeConfiguration")
            }
            configuration = try NotificationConfiguration.withIdentifiers(given)
            rules = try NotificationConfiguration.rules(in: configuration)
            try NotificationConfiguration.check(rules)
            skipsValidation = try member("SkipDestinationValidation") ?? false
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketNotification", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let body = Array(input.configuration.rawBytes)
        try await store.write(in: input.bucket) { transaction, bucket in
            try transaction.setConfiguration(.notification, of: bucket.id, to: body)
            if !input.skipsValidation { try transaction.announce(input.rules, of: bucket, in: call) }
        }
        return NoOutput()
    }
}
