import ServiceKit

/// Takes tags away from a bucket or access point.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_UntagResource.html)
struct UntagResource: AWSOperation {
    struct Input: InputShape {
        let resource: TaggedResource
        let keys: Set<String>

        init(_ member: Members) throws {
            resource = try TaggedResource(member)
            keys = Set(try member("TagKeys") as [String])
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [input.resource.permission("s3:UntagResource", context: ["aws:TagKeys": input.keys.sorted()])]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await input.resource.change(in: store) { $0.filter { !input.keys.contains($0.key) } }
        return NoOutput()
    }
}
