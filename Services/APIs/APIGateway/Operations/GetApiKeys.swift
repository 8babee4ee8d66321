import ServiceKit

/// Lists the account's API keys, page by page.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_GetApiKeys.html)
struct GetApiKeys: AWSOperation {
    struct Input: InputShape {
        let position: String?
        let limit: Int?
        let nameQuery: String?
        let customerID: String?
        let includesValues: Bool

        init(_ member: Members) throws {
            position = try member("position")
            limit = try member("limit")
            nameQuery = try member("nameQuery")
            customerID = try member("customerId")
            includesValues = try member("includeValues") ?? false
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:GET", on: APIKey.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Collection<APIKeyOutput> {
        let page = try await store.collection(
            input.position, limit: input.limit, scope: "apikeys", position: \.id
        ) { try $0.keys(in: call, after: $1, limit: $2) }
        let wanted = try page.elements.filter { key in
            let customer: String? = try key.members.read("customerId")
            return input.nameQuery.map { (key.name ?? "").hasPrefix($0) } ?? true
                && input.customerID.map { $0 == customer } ?? true
        }
        return Collection(
            page: Page(
                elements: wanted.map { APIKeyOutput(key: $0, showsValue: input.includesValues) }, next: page.next))
    }
}
