import ServiceKit

/// Removes an authorizer; deployments made before keep theirs.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteAuthorizer.html)
struct DeleteAuthorizer: AWSOperation {
    let store: APIStore

    func permissions(for input: GetAuthorizer.Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/authorizers/\(input.authorizerId)"
        return [Permission("apigateway:DELETE", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: GetAuthorizer.Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            let api = try transaction.api(input.restApiId, in: call)
            try transaction.delete(try transaction.authorizer(input.authorizerId, of: api), of: api)
        }
        return NoOutput()
    }
}
