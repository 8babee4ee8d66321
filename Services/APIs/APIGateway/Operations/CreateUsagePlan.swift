import ServiceKit

/// Makes a usage plan: stages, rates and quotas for the holders of API keys.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlan.html)
struct CreateUsagePlan: AWSOperation {
    struct Input: InputShape {
        let name: String
        let description: String?
        let stages: [PlanStage]
        let throttle: PlanThrottle?
        let quota: PlanQuota?
        let tags: [String: String]

        init(_ member: Members) throws {
            name = try member("name")
            description = try member("description")
            stages = try member("apiStages") ?? []
            throttle = try member("throttle")
            quota = try member("quota")
            tags = try member("tags") ?? [:]
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:POST", on: UsagePlan.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> UsagePlan {
        let plan = UsagePlan(
            id: Identifier.lowercase(6), region: call.region, account: call.account, name: input.name,
            description: input.description, stages: input.stages, throttle: input.throttle, quota: input.quota,
            tags: input.tags)
        try await store.write { transaction in
            try transaction.requireStages(of: plan, in: call)
            try transaction.put(plan, region: call.region, account: call.account)
        }
        return plan
    }
}

extension Snapshot {
    /// - Throws: `NotFoundException` for a stage that is none of the account's.
    func requireStages(of plan: UsagePlan, in call: Call) throws {
        for place in plan.stages {
            guard let api = try? api(place.apiID, in: call), try stage(place.stage, of: api.id) != nil else {
                throw ServiceError.planStageNotFound("\(place.apiID):\(place.stage)")
            }
        }
    }
}
