import ServiceKit

/// Deletes an API with its resources, deployments and stages.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteRestApi.html)
struct DeleteRestApi: AWSOperation {
    let store: APIStore

    func permissions(for input: GetRestApi.Input, in call: Call) -> [Permission] {
        [Permission("apigateway:DELETE", on: RestAPI.arn("/restapis/\(input.restApiId)", in: call))]
    }

    func perform(_ input: GetRestApi.Input, in call: Call) async throws -> NoOutput {
        try await store.write { try $0.delete(try $0.api(input.restApiId, in: call)) }
        store.changed(input.restApiId)
        return NoOutput()
    }
}
