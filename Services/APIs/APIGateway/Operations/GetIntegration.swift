import ServiceKit

/// Answers what stands behind a method.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetIntegration.html)
struct GetIntegration: AWSOperation {
    let store: APIStore

    func permissions(for input: GetMethod.Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: input.place.arn(in: call))]
    }

    func perform(_ input: GetMethod.Input, in call: Call) async throws -> Integration {
        guard let integration = try await store.method(input.place, in: call).integration else {
            throw ServiceError.noIntegration
        }
        return integration
    }
}
