import ServiceKit

/// Adds tags to a function.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html)
struct TagResource: AWSOperation {
    struct Input: InputShape {
        let resource: FunctionName
        let tags: [String: String]

        init(_ member: Members) throws {
            resource = try member("Resource")
            tags = try member("Tags")
        }
    }

    private static let limit = 50
    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.resource.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let key = input.resource.key(in: call)
        try await store.write { transaction in
            guard let record = try transaction.function(key) else {
                throw ServiceError.functionNotFound(key.arn.description)
            }
            let tags = record.tags.merging(input.tags) { _, new in new }
            guard tags.count <= Self.limit else { throw ServiceError.invalid("A resource has at most 50 tags.") }
            try transaction.setTags(tags, of: key)
        }
        return NoOutput()
    }
}
