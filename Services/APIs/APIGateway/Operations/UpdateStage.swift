import ServiceKit

/// Changes a stage: what it serves, caching, throttling, variables.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html)
struct UpdateStage: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let stageName: String
        let patchOperations: [PatchOperation]

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            stageName = try member("stageName")
            patchOperations = try member("patchOperations") ?? []
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/stages/\(input.stageName)"
        return [Permission("apigateway:PATCH", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Stage {
        let stage = try await store.write { transaction in
            let api = try transaction.api(input.restApiId, in: call)
            guard var stage = try transaction.stage(input.stageName, of: api.id) else {
                throw ServiceError.invalidStage
            }
            for patch in input.patchOperations { try stage.apply(patch) }
            _ = try transaction.deployment(stage.deploymentID, of: api)
            stage.updated = call.now
            try transaction.put(stage)
            return stage
        }
        store.changed(input.restApiId)
        return stage
    }
}
