import ServiceKit

/// Lists a function's tags.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html)
struct ListTags: AWSOperation {
    struct Input: InputShape {
        let resource: FunctionName
        init(_ member: Members) throws { resource = try member("Resource") }
    }

    struct Output: OutputShape {
        let tags: [String: String]
        func write(to json: inout JSONWriter) { json.member("Tags", tags) }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.resource.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let key = input.resource.key(in: call)
        guard let record = try await store.read({ try $0.function(key) }) else {
            throw ServiceError.functionNotFound(key.arn.description)
        }
        return Output(tags: record.tags)
    }
}
