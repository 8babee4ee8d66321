import ServiceKit

/// Answers the policy attached to a table bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableBucketPolicy.html)
struct GetTableBucketPolicy: AWSOperation {
    struct Output: OutputShape {
        private let policy: String

        /// - Throws: `NotFoundException`
        init(_ policy: String?) throws {
            guard let policy else { throw ServiceError.tablePolicyNotFound }
            self.policy = policy
        }

        func write(to json: inout JSONWriter) { json.member("resourcePolicy", policy) }
    }

    let store: S3Store

    func permissions(for input: TableBucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: TableBucketInput, in call: Call) async throws -> Output {
        try Output(try await store.read { try $0.existing(input.bucket) }.policyText)
    }
}
