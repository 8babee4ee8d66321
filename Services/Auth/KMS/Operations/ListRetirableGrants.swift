import ServiceKit

/// Lists the grants that a principal may retire.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html)
struct ListRetirableGrants: AWSOperation {
    struct Input: InputShape {
        let principal: String
        let page: PageInput

        init(_ member: Members) throws {
            principal = try member("RetiringPrincipal")
            page = try PageInput(member, default: 50, maximum: 100)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> PageOutput<Grant> {
        guard ARN(input.principal)?.account == call.account else { throw ServiceError.invalidARN(input.principal) }
        let page = try await input.page.page(
            scope: "ListRetirableGrants \(input.principal) \(call.region)", sealedBy: store.pages, position: \.id
        ) { after, limit in
            try await store.read {
                try $0.grants(retiredBy: input.principal, in: call.region, after: after, limit: limit)
            }
        }
        return PageOutput(member: "Grants", page: page)
    }
}
