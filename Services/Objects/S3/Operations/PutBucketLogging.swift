import ServiceKit

/// Says where a bucket's access logs go, or that it keeps none.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html)
struct PutBucketLogging: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let status: JSONValue
        let configuration: LoggingConfiguration?

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            status = try member("BucketLoggingStatus")
            configuration = try LoggingConfiguration(status)
        }
    }

    let store: S3Store
    let logger: AccessLogger

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketLogging", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        if let configuration = input.configuration {
            try await check(configuration, for: try await store.bucket(input.bucket), at: call.now)
            logger.watch()
        }
        try await store.setConfiguration(
            .logging, of: input.bucket, to: input.configuration == nil ? nil : input.status)
        return NoOutput()
    }

    /// The target is one of the owner's own, in the same region, and lets the logs in.
    ///
    /// Where lists are off AWS lets the policy follow later; then nothing is delivered before it is there.
    private func check(_ configuration: LoggingConfiguration, for source: Bucket, at now: Timestamp) async throws {
        let target: Bucket
        do {
            target = try await store.bucket(BucketReference(name: configuration.target))
        } catch let error as ServiceError where error.code == "NoSuchBucket" {
            throw ServiceError.invalidLogTarget("The target bucket for logging does not exist")
        }
        guard target.account == source.account else {
            throw ServiceError.invalidLogTarget(
                "The owner for the bucket to be logged and the target bucket must be the same.")
        }
        guard target.region == source.region else { throw ServiceError.crossLocationLogging }
        guard target.payment == .bucketOwner else {
            throw ServiceError.invalidArgument(
                "The target bucket for logging must not have Requester Pays enabled", "TargetBucket", target.name)
        }
        guard configuration.grants.isEmpty || target.hasLists else {
            throw ServiceError.accessControlListNotSupported
        }
        let key = configuration.key(forRecordsOf: source, at: now)
        guard !target.hasLists || target.acceptsLogs(of: source, as: key, at: now) else {
            throw ServiceError.invalidLogTarget(
                "You must give the log-delivery group WRITE and READ_ACP permissions to the target bucket")
        }
    }
}
