import ServiceKit

/// Leaves a method with nothing behind it.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteIntegration.html)
struct DeleteIntegration: AWSOperation {
    let store: APIStore

    func permissions(for input: GetMethod.Input, in call: Call) -> [Permission] {
        [Permission("apigateway:DELETE", on: input.place.arn(in: call))]
    }

    func perform(_ input: GetMethod.Input, in call: Call) async throws -> NoOutput {
        try await store.changeMethod(input.place, in: call) { method in
            guard method.integration != nil else { throw ServiceError.noIntegration }
            method.integration = nil
        }
        return NoOutput()
    }
}
