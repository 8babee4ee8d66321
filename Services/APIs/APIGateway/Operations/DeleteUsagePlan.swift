import ServiceKit

/// Removes a usage plan that no stage is in any more.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteUsagePlan.html)
struct DeleteUsagePlan: AWSOperation {
    let store: APIStore

    func permissions(for input: GetUsagePlan.Input, in call: Call) -> [Permission] {
        [Permission("apigateway:DELETE", on: UsagePlan.arn("/\(input.usagePlanId)", in: call))]
    }

    func perform(_ input: GetUsagePlan.Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            let plan = try transaction.plan(input.usagePlanId, in: call)
            // A stage that is gone holds nothing.
            let stages = try plan.stages.filter { try transaction.stage($0.stage, of: $0.apiID) != nil }
            guard stages.isEmpty else { throw ServiceError.planInUse(plan.id) }
            try transaction.delete(plan)
        }
        return NoOutput()
    }
}
