import ServiceKit

/// Answers one API.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApi.html)
struct GetRestApi: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        init(_ member: Members) throws { restApiId = try member("restApiId") }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: RestAPI.arn("/restapis/\(input.restApiId)", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> RestAPI {
        try await store.read { try $0.api(input.restApiId, in: call) }
    }
}
