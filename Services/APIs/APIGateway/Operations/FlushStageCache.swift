import ServiceKit

/// Empties the response caches of a stage in every gateway.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageCache.html)
struct FlushStageCache: AWSOperation {
    let store: APIStore

    func permissions(for input: GetStage.Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/stages/\(input.stageName)/cache/data"
        return [Permission("apigateway:DELETE", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: GetStage.Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            let api = try transaction.api(input.restApiId, in: call)
            guard var stage = try transaction.stage(input.stageName, of: api.id) else {
                throw ServiceError.invalidStage
            }
            // A gateway drops what it cached when the stage's time of change differs: a lost doorbell delays, no more.
            stage.updated = call.now
            try transaction.put(stage)
        }
        store.changed(input.restApiId)
        return NoOutput()
    }
}
