import ServiceKit

/// Answers the tags of a bucket or access point.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListTagsForResource.html)
struct ListTagsForResource: AWSOperation {
    struct Input: InputShape {
        let resource: TaggedResource
        init(_ member: Members) throws { resource = try TaggedResource(member) }
    }

    struct Output: OutputShape {
        let tags: Tags
        func write(to json: inout JSONWriter) { json.member("Tags", tags.all) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [input.resource.permission("s3:ListTagsForResource")]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(tags: try await input.resource.tags(in: store))
    }
}
