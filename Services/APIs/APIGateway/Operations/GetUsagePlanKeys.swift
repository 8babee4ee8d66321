import ServiceKit

/// Lists the keys of a usage plan, page by page.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsagePlanKeys.html)
struct GetUsagePlanKeys: AWSOperation {
    struct Input: InputShape {
        let usagePlanId: String
        let position: String?
        let limit: Int?
        let nameQuery: String?

        init(_ member: Members) throws {
            usagePlanId = try member("usagePlanId")
            position = try member("position")
            limit = try member("limit")
            nameQuery = try member("nameQuery")
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: UsagePlan.arn("/\(input.usagePlanId)/keys", in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Collection<PlanKeyOutput> {
        let page = try await store.collection(
            input.position, limit: input.limit, scope: "plan keys \(input.usagePlanId)", position: \.id
        ) { try $0.keys(of: try $0.plan(input.usagePlanId, in: call), in: call, after: $1, limit: $2) }
        let wanted = page.elements.filter { key in
            input.nameQuery.map { (key.name ?? "").hasPrefix($0) } ?? true
        }
        return Collection(page: Page(elements: wanted.map { PlanKeyOutput(key: $0) }, next: page.next))
    }
}
