import ServiceKit

/// Takes an API key out of a usage plan.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteUsagePlanKey.html)
struct DeleteUsagePlanKey: AWSOperation {
    let store: APIStore

    func permissions(for input: GetUsagePlanKey.Input, in call: Call) -> [Permission] {
        [Permission("apigateway:DELETE", on: input.arn(in: call))]
    }

    func perform(_ input: GetUsagePlanKey.Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            let (plan, key) = try input.find(in: transaction, call)
            try transaction.leave(key, plan)
        }
        return NoOutput()
    }
}
