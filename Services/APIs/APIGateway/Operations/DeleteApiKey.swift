import ServiceKit

/// Removes an API key, also from its usage plans.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteApiKey.html)
struct DeleteApiKey: AWSOperation {
    struct Input: InputShape {
        let apiKey: String
        init(_ member: Members) throws { apiKey = try member("apiKey") }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:DELETE", on: APIKey.arn(input.apiKey, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write { try $0.delete(try $0.key(input.apiKey, in: call)) }
        return NoOutput()
    }
}
