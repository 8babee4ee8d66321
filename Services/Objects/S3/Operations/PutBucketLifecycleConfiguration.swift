import ServiceKit

/// Says when a bucket's objects go to other storage classes, and when they go altogether.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html)
struct PutBucketLifecycleConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue
        let minimumSize: LifecycleConfiguration.MinimumSize

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            let given: JSONValue = try member("LifecycleConfiguration")
            try LifecycleConfiguration.check(given)
            minimumSize = try Self.minimumSize(try member(LifecycleConfiguration.minimumSizeMember))
            configuration = try Rules.identified(
                given, adding: (LifecycleConfiguration.minimumSizeMember, minimumSize.rawValue))
        }

        private static func minimumSize(_ name: String?) throws -> LifecycleConfiguration.MinimumSize {
            guard let name else { return .everywhere }
            guard let size = LifecycleConfiguration.MinimumSize(rawValue: name) else {
                throw ServiceError.invalidRequest("Invalid TransitionDefaultMinimumObjectSize found: \(name)")
            }
            return size
        }
    }

    struct Output: OutputShape {
        let minimumSize: LifecycleConfiguration.MinimumSize

        func write(to json: inout JSONWriter) {
            json.member(LifecycleConfiguration.minimumSizeMember, minimumSize.rawValue)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutLifecycleConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let body = Array(input.configuration.rawBytes)
        try await store.write(in: input.bucket) { transaction, bucket in
            guard bucket.mfaDelete != .enabled else { throw ServiceError.mfaDeleteBesideLifecycle }
            try transaction.setConfiguration(.lifecycle, of: bucket.id, to: body)
        }
        return Output(minimumSize: input.minimumSize)
    }
}
