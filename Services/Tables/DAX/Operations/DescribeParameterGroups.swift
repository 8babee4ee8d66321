import ServiceKit

/// Describes all parameter groups, or those named.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DescribeParameterGroups.html)
struct DescribeParameterGroups: AWSOperation {
    struct Input: InputShape {
        let parameterGroupNames: [String]?
        let page: PageRequest

        init(_ member: Members) throws {
            parameterGroupNames = try member("ParameterGroupNames")
            page = try PageRequest(member)
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<ParameterGroupDescription> {
        let place = Place(call)
        let limit = try input.page.limit
        if let names = input.parameterGroupNames, !names.isEmpty {
            let named = try await store.read { snapshot in try names.map { try snapshot.parameterGroup($0, at: place) }
            }
            return ListOutput("ParameterGroups", all: named.map(ParameterGroupDescription.init))
        }
        // The default one is the first, and in no table.
        var page = try await store.page(
            ParameterGroup.self, input.page.token, limit: limit, scope: "parameter groups", at: place)
        if input.page.token == nil {
            page = Page(elements: [ParameterGroup.default] + page.elements, next: page.next)
        }
        return ListOutput("ParameterGroups", page.map(ParameterGroupDescription.init))
    }
}
