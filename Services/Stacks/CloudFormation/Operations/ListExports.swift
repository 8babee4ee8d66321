import ServiceKit

/// Lists what stacks export in an account and region.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListExports.html)
struct ListExports: AWSOperation {
    struct Input: InputShape {
        let token: String?
        init(_ member: Members) throws { token = try member("NextToken") }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<Export> {
        let place = Place(call)
        let page = try await store.pages.page(
            input.token, limit: StackStore.pageSize, scope: "ListExports \(place.account) \(place.region)",
            position: \.name
        ) { after, limit in try await store.read { try $0.exports(at: place, after: after, limit: limit) } }
        return ListOutput("Exports", page)
    }
}
