import ServiceKit

/// Changes a usage plan.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateUsagePlan.html)
struct UpdateUsagePlan: AWSOperation {
    struct Input: InputShape {
        let usagePlanId: String
        let patchOperations: [PatchOperation]

        init(_ member: Members) throws {
            usagePlanId = try member("usagePlanId")
            patchOperations = try member("patchOperations") ?? []
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:PATCH", on: UsagePlan.arn("/\(input.usagePlanId)", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> UsagePlan {
        try await store.write { transaction in
            var plan = try transaction.plan(input.usagePlanId, in: call)
            for patch in input.patchOperations { try plan.apply(patch) }
            try transaction.requireStages(of: plan, in: call)
            try transaction.put(plan, region: call.region, account: call.account)
            return plan
        }
    }
}
