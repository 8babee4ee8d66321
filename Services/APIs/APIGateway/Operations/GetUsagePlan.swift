import ServiceKit

/// Answers one usage plan.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsagePlan.html)
struct GetUsagePlan: AWSOperation {
    struct Input: InputShape {
        let usagePlanId: String
        init(_ member: Members) throws { usagePlanId = try member("usagePlanId") }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: UsagePlan.arn("/\(input.usagePlanId)", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> UsagePlan {
        try await store.read { try $0.plan(input.usagePlanId, in: call) }
    }
}
