import ServiceKit

/// Lists usage plans, page by page: all, or those that a key is in.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsagePlans.html)
struct GetUsagePlans: AWSOperation {
    struct Input: InputShape {
        let position: String?
        let keyID: String?
        let limit: Int?

        init(_ member: Members) throws {
            position = try member("position")
            keyID = try member("keyId")
            limit = try member("limit")
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: UsagePlan.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Collection<UsagePlan> {
        Collection(
            page: try await store.collection(
                input.position, limit: input.limit, scope: "usageplans \(input.keyID ?? "")", position: \.id
            ) { try $0.plans(in: call, with: input.keyID, after: $1, limit: $2) })
    }
}
