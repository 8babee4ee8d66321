import ServiceKit

/// Answers one stage.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetStage.html)
struct GetStage: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let stageName: String

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            stageName = try member("stageName")
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let path = "/restapis/\(input.restApiId)/stages/\(input.stageName)"
        return [Permission("apigateway:GET", on: RestAPI.arn(path, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Stage {
        try await store.read { snapshot in
            let api = try snapshot.api(input.restApiId, in: call)
            guard let stage = try snapshot.stage(input.stageName, of: api.id) else { throw ServiceError.invalidStage }
            return stage
        }
    }
}
