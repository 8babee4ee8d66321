import ServiceKit

/// Adds tags to a bucket or access point, or gives those that are there new values.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_TagResource.html)
struct TagResource: AWSOperation {
    struct Input: InputShape {
        let resource: TaggedResource
        let tags: Tags

        init(_ member: Members) throws {
            resource = try TaggedResource(member)
            tags = try Tags(try member("Tags"), limit: Limits.bucketTags)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [input.resource.permission("s3:TagResource", context: input.tags.resourceConditions)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let added = input.tags.all
        try await input.resource.change(in: store) { $0.replacing(added) }
        return NoOutput()
    }
}
