import ServiceKit

/// Creates a group of subnets.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_CreateSubnetGroup.html)
struct CreateSubnetGroup: AWSOperation {
    struct Input: InputShape {
        let subnetGroupName: String
        let description: String?
        let subnetIds: [String]

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
        let name = input.subnetGroupName.lowercased()
        guard name.utf8.count <= 255, ResourceName.isValid(name) else {
            throw ServiceError.invalidParameterValue("The subnet group name \(name) is not valid.")
        }
        guard name != SubnetGroup.defaultName else { throw ServiceError.subnetGroupExists(name) }
        let group = try SubnetGroup(name: name, description: input.description, subnets: input.subnetIds)
        try await store.write(at: place) { transaction in
            let known = try transaction.resources(SubnetGroup.self, at: place)
            guard !known.contains(where: { $0.name == name }) else { throw ServiceError.subnetGroupExists(name) }
            guard known.count < SubnetGroup.limit else { throw ServiceError.tooManySubnetGroups(SubnetGroup.limit) }
            try transaction.put(group, at: place)
            try transaction.record("Subnet group created.", of: name, .subnetGroup, at: place, call.now)
        }
        return SubnetGroupOutput(group: group)
    }
}
