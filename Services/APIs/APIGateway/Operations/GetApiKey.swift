import ServiceKit

/// Answers one API key.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetApiKey.html)
struct GetApiKey: AWSOperation {
    struct Input: InputShape {
        let apiKey: String
        let includesValue: Bool

        init(_ member: Members) throws {
            apiKey = try member("apiKey")
            includesValue = try member("includeValue") ?? false
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: APIKey.arn(input.apiKey, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> APIKeyOutput {
        let key = try await store.read { try $0.key(input.apiKey, in: call) }
        return APIKeyOutput(key: key, showsValue: input.includesValue)
    }
}
