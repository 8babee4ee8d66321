import ServiceKit

/// Takes a snapshot of the API, and serves it under a stage where one is named.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html)
struct CreateDeployment: AWSOperation {
    struct Input: InputShape {
        let restApiId: String
        let stageName: String?
        let stageDescription: String?
        let description: String?
        let stageMembers: StoredMembers

        init(_ member: Members) throws {
            restApiId = try member("restApiId")
            stageName = try member("stageName")
            stageDescription = try member("stageDescription")
            description = try member("description")
            stageMembers = try StoredMembers(
                member,
                names: ["cacheClusterEnabled", "cacheClusterSize", "variables", "canarySettings", "tracingEnabled"])
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:POST", on: RestAPI.arn("/restapis/\(input.restApiId)/deployments", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Deployment {
        if let name = input.stageName { try Stage.check(name) }
        let deployment = Deployment(id: Identifier.lowercase(6), description: input.description, created: call.now)
        try await store.write { transaction in
            let api = try transaction.api(input.restApiId, in: call)
            let resources = try transaction.resources(of: api)
            let methods = resources.flatMap(\.methods.values)
            guard !methods.isEmpty else { throw ServiceError.noMethods }
            guard methods.allSatisfy({ $0.integration != nil }) else {
                throw ServiceError("BadRequestException", "No integration defined for method")
            }
            let snapshot = Deployment.snapshot(of: api, resources, try transaction.authorizers(of: api))
            try transaction.insert(deployment, of: api, snapshot: snapshot)
            guard let name = input.stageName else { return }
            try transaction.put(try input.stage(name, serving: deployment, before: transaction, at: call.now))
        }
        store.changed(input.restApiId)
        return deployment
    }
}

extension CreateDeployment.Input {
    /// The named stage, new or as it is, pointed at a deployment.
    fileprivate func stage(
        _ name: String, serving deployment: Deployment, before snapshot: Snapshot, at now: Timestamp
    ) throws -> Stage {
        if var stage = try snapshot.stage(name, of: restApiId) {
            stage.deploymentID = deployment.id
            stage.updated = now
            return stage
        }
        var members = stageMembers
        members.setDefault("cacheClusterEnabled", false)
        members.setDefault("tracingEnabled", false)
        if let stageDescription { members.set("description", stageDescription) }
        return Stage(
            apiID: restApiId, name: name, deploymentID: deployment.id, members: members, created: now, updated: now)
    }
}
