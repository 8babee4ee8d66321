import ServiceKit

/// Describes all subnet groups, or those named.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DescribeSubnetGroups.html)
struct DescribeSubnetGroups: AWSOperation {
    struct Input: InputShape {
        let subnetGroupNames: [String]?
        let page: PageRequest

        init(_ member: Members) throws {
            subnetGroupNames = try member("SubnetGroupNames")
            page = try PageRequest(member)
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<SubnetGroupDescription> {
        let place = Place(call)
        let limit = try input.page.limit
        if let names = input.subnetGroupNames, !names.isEmpty {
            let named = try await store.read { snapshot in try names.map { try snapshot.subnetGroup($0, at: place) } }
            return ListOutput("SubnetGroups", all: named.map(SubnetGroupDescription.init))
        }
        let page = try await store.page(
            SubnetGroup.self, input.page.token, limit: limit, scope: "subnet groups", at: place)
        return ListOutput("SubnetGroups", page.map(SubnetGroupDescription.init))
    }
}
