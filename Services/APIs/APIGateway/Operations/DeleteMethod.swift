import ServiceKit

/// Removes a method from a resource.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteMethod.html)
struct DeleteMethod: AWSOperation {
    let store: APIStore

    func permissions(for input: GetMethod.Input, in call: Call) -> [Permission] {
        [Permission("apigateway:DELETE", on: input.place.arn(in: call))]
    }

    func perform(_ input: GetMethod.Input, in call: Call) async throws -> NoOutput {
        try await store.change(input.place, in: call) { resource, _, _ in
            guard resource.methods.removeValue(forKey: input.place.httpMethod) != nil else {
                throw ServiceError.invalidMethod
            }
        }
        return NoOutput()
    }
}
