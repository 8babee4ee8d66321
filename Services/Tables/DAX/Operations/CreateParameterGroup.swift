import ServiceKit

/// Creates a group of parameters, with their defaults.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_CreateParameterGroup.html)
struct CreateParameterGroup: AWSOperation {
    struct Input: InputShape {
        let parameterGroupName: String
        let description: String?

        init(_ member: Members) throws {
            parameterGroupName = try member("ParameterGroupName")
            description = try member("Description")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> ParameterGroupOutput {
        let place = Place(call)
        let group = ParameterGroup(name: input.parameterGroupName, description: input.description)
        guard group.name != ParameterGroup.default.name else { throw ServiceError.parameterGroupExists(group.name) }
        guard group.name.utf8.count <= 255, ResourceName.isValid(group.name) else {
            throw ServiceError.invalidParameterValue("The parameter group name \(group.name) is not valid.")
        }
        try await store.write(at: place) { transaction in
            let known = try transaction.resources(ParameterGroup.self, at: place)
            guard !known.contains(where: { $0.name == group.name }) else {
                throw ServiceError.parameterGroupExists(group.name)
            }
            guard known.count < ParameterGroup.limit else {
                throw ServiceError.tooManyParameterGroups(ParameterGroup.limit)
            }
            try transaction.put(group, at: place)
            try transaction.record("Parameter group created.", of: group.name, .parameterGroup, at: place, call.now)
        }
        return ParameterGroupOutput(group: group)
    }
}
