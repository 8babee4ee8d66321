import ServiceKit

/// Changes a group of subnets.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_UpdateSubnetGroup.html)
struct UpdateSubnetGroup: AWSOperation {
    struct Input: InputShape {
        let subnetGroupName: String
        let description: String?
        let subnetIds: [String]?

        init(_ member: Members) throws {
            subnetGroupName = try member("SubnetGroupName")
            description = try member("Description")
            subnetIds = try member("SubnetIds")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> SubnetGroupOutput {
        let place = Place(call)
        let group = try await store.write(at: place) { transaction in
            var group = try transaction.subnetGroup(input.subnetGroupName, at: place)
            if let text = input.description { group.description = text }
            if let ids = input.subnetIds { try group.set(ids) }
            try transaction.put(group, at: place)
            try transaction.record("Subnet group modified.", of: group.name, .subnetGroup, at: place, call.now)
            return group
        }
        return SubnetGroupOutput(group: group)
    }
}
