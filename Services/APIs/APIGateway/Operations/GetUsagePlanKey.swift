import ServiceKit

/// Answers a key of a usage plan.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsagePlanKey.html)
struct GetUsagePlanKey: AWSOperation {
    struct Input: InputShape {
        let usagePlanId: String
        let keyId: String

        init(_ member: Members) throws {
            usagePlanId = try member("usagePlanId")
            keyId = try member("keyId")
        }

        func arn(in call: Call) -> ARN { UsagePlan.arn("/\(usagePlanId)/keys/\(keyId)", in: call) }

        /// - Throws: `NotFoundException`, also for a key that is not in the plan.
        func find(in snapshot: Snapshot, _ call: Call) throws -> (plan: UsagePlan, key: APIKey) {
            let plan = try snapshot.plan(usagePlanId, in: call)
            let key = try snapshot.key(keyId, in: call)
            guard try snapshot.joined(key.id, plan.id) != nil else { throw ServiceError.invalidKey }
            return (plan, key)
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: input.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> PlanKeyOutput {
        PlanKeyOutput(key: try await store.read { try input.find(in: $0, call).key })
    }
}
