import ServiceKit

/// Serves a deployment under a name.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html)
struct CreateStage: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let stageName: String
        let deploymentId: String
        var members: StoredMembers

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            stageName = try member("stageName")
            deploymentId = try member("deploymentId")
            members = try StoredMembers(member, names: Stage.memberNames)
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:POST", on: RestAPI.arn("/restapis/\(input.restApiId)/stages", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Stage {
        try Stage.check(input.stageName)
        var members = input.members
        members.setDefault("cacheClusterEnabled", false)
        members.setDefault("tracingEnabled", false)
        let stage = Stage(
            apiID: input.restApiId, name: input.stageName, deploymentID: input.deploymentId, members: members,
            created: call.now, updated: call.now)
        try await store.write { transaction in
            let api = try transaction.api(input.restApiId, in: call)
            _ = try transaction.deployment(input.deploymentId, of: api)
            guard try transaction.stage(input.stageName, of: api.id) == nil else { throw ServiceError.stageExists }
            try transaction.put(stage)
        }
        store.changed(input.restApiId)
        return stage
    }
}
