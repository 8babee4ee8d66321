import ServiceKit

/// Stops to serve a deployment under a name.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteStage.html)
struct DeleteStage: AWSOperation {
    let store: APIStore

    func permissions(for input: GetStage.Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/stages/\(input.stageName)"
        return [Permission("apigateway:DELETE", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: GetStage.Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            let api = try transaction.api(input.restApiId, in: call)
            guard let stage = try transaction.stage(input.stageName, of: api.id) else {
                throw ServiceError.invalidStage
            }
            try transaction.delete(stage)
        }
        store.changed(input.restApiId)
        return NoOutput()
    }
}
