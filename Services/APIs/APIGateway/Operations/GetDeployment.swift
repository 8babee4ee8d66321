import ServiceKit

/// Answers one deployment.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetDeployment.html)
struct GetDeployment: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let deploymentId: String

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            deploymentId = try member("deploymentId")
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/deployments/\(input.deploymentId)"
        return [Permission("apigateway:GET", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Deployment {
        try await store.read { try $0.deployment(input.deploymentId, of: try $0.api(input.restApiId, in: call)) }
    }
}
