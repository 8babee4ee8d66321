import ServiceKit

/// Removes tags from a function.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html)
struct UntagResource: AWSOperation {
    struct Input: InputShape {
        let resource: FunctionName
        let tagKeys: [String]

        init(_ member: Members) throws {
            resource = try member("Resource")
            tagKeys = try member("TagKeys")
        }
    }

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
            try transaction.setTags(record.tags.filter { !input.tagKeys.contains($0.key) }, of: key)
        }
        return NoOutput()
    }
}
