import ServiceKit

/// Replaces a job's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutJobTagging.html)
struct PutJobTagging: AWSOperation {
    struct Input: InputShape {
        let job: JobInput
        let tags: Tags

        init(_ member: Members) throws {
            job = try JobInput(member)
            tags = try Tags(try member("Tags"), limit: Limits.bucketTags)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let context = input.tags.resourceConditions
        return [try await store.permission("s3:PutJobTagging", onJob: input.job, in: call, context: context)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write(input.job, in: call) { try $0.setTags(of: $1, to: input.tags) }
        return NoOutput()
    }
}
