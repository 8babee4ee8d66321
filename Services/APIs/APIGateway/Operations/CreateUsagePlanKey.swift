import ServiceKit

/// Puts an API key into a usage plan.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlanKey.html)
struct CreateUsagePlanKey: AWSOperation {
    struct Input: InputShape {
        let usagePlanId: String
        let keyId: String
        let keyType: String

        init(_ member: Members) throws {
            usagePlanId = try member("usagePlanId")
            keyId = try member("keyId")
            keyType = try member("keyType")
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:POST", on: UsagePlan.arn("/\(input.usagePlanId)/keys", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> PlanKeyOutput {
        guard input.keyType == "API_KEY" else { throw ServiceError.badRequest("Invalid keyType. Must be API_KEY") }
        let key = try await store.write { transaction in
            let plan = try transaction.plan(input.usagePlanId, in: call)
            let key = try transaction.key(input.keyId, in: call)
            let others = try transaction.plans(with: key)
            guard !others.contains(where: { $0.id == plan.id }) else { throw ServiceError.keyInPlan(key.id, plan.id) }
            // Else it would not be known whose limits count.
            for other in others {
                let shared = other.stages.first { stage in
                    plan.stages.contains { $0.apiID == stage.apiID && $0.stage == stage.stage }
                }
                if shared != nil { throw ServiceError.keyInPlan(key.id, other.id) }
            }
            try transaction.join(key, plan, on: Day.of(call.now))
            return key
        }
        return PlanKeyOutput(key: key)
    }
}

/// A key as a member of a plan.
struct PlanKeyOutput: OutputShape {
    let key: APIKey

    func write(to json: inout JSONWriter) {
        json.member("id", key.id)
        json.member("type", "API_KEY")
        json.member("value", key.value)
        json.member("name", key.name)
    }
}
