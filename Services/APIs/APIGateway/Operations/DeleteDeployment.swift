import ServiceKit

/// Deletes a deployment that no stage serves.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteDeployment.html)
struct DeleteDeployment: AWSOperation {
    let store: APIStore

    func permissions(for input: GetDeployment.Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/deployments/\(input.deploymentId)"
        return [Permission("apigateway:DELETE", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: GetDeployment.Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            let api = try transaction.api(input.restApiId, in: call)
            let deployment = try transaction.deployment(input.deploymentId, of: api)
            guard try !transaction.isDeployed(deployment, of: api) else { throw ServiceError.activeDeployment }
            try transaction.delete(deployment, of: api)
        }
        return NoOutput()
    }
}
