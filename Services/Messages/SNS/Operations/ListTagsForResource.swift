import ServiceKit

/// Lists a topic's tags.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_ListTagsForResource.html)
struct ListTagsForResource: AWSOperation {
    struct Input: InputShape {
        let topic: TopicARN
        init(_ member: Members) throws { topic = try member("ResourceArn") }
    }

    struct Output: OutputShape {
        let tags: [Tag]
        func write(to json: inout JSONWriter) { json.member("Tags", tags) }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await topics.permission(on: input.topic.address(in: call, parameter: "ResourceArn"))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let address = try input.topic.address(in: call, parameter: "ResourceArn")
        let tags = try await topics.read { snapshot in
            guard let topic = try snapshot.topic(at: address) else { throw ServiceError.resourceDoesNotExist }
            return try snapshot.tags(of: topic)
        }
        return Output(tags: tags.map { Tag(key: $0.key, value: $0.value) })
    }
}
