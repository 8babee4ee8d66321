import ServiceKit

/// Answers one authorizer.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetAuthorizer.html)
struct GetAuthorizer: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let authorizerId: String

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            authorizerId = try member("authorizerId")
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/authorizers/\(input.authorizerId)"
        return [Permission("apigateway:GET", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Authorizer {
        try await store.read { try $0.authorizer(input.authorizerId, of: try $0.api(input.restApiId, in: call)) }
    }
}
