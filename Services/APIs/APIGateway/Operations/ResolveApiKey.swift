import ServiceKit

/// Finds the key that a client sent to a stage, and the plan under which it may use it; the gateway asks.
struct ResolveApiKey: AWSOperation {
    struct Input: InputShape {
        let apiID: String
        let stageName: String
        let value: String

        init(_ member: Members) throws {
            apiID = try member("ApiId")
            stageName = try member("StageName")
            value = try member("Value")
        }
    }

    struct Output: OutputShape {
        let key: APIKey
        let plan: UsagePlan
        let stage: PlanStage

        func write(to json: inout JSONWriter) {
            json.member("KeyId", key.id)
            json.member("Value", key.value)
            json.member("PlanId", plan.id)
            json.member("Throttle", plan.throttle)
            json.member("MethodThrottles", stage.throttle)
            json.member("HasQuota", plan.quota != nil)
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            guard let api = try snapshot.api(input.apiID),
                let key = try snapshot.key(withValue: input.value, region: api.region, account: api.account),
                key.isEnabled
            else { throw ServiceError.invalidKey }
            for plan in try snapshot.plans(with: key) {
                let stage = plan.stages.first { $0.apiID == input.apiID && $0.stage == input.stageName }
                if let stage { return Output(key: key, plan: plan, stage: stage) }
            }
            throw ServiceError.invalidKey
        }
    }
}
