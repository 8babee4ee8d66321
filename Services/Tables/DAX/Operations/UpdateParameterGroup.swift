import ServiceKit

/// Changes parameters of a group: for what its clusters keep from now on, and for what they have.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_UpdateParameterGroup.html)
struct UpdateParameterGroup: AWSOperation {
    struct Input: InputShape {
        struct Value: InputShape {
            let name: String
            let value: String

            init(_ member: Members) throws {
                name = try member("ParameterName") ?? ""
                value = try member("ParameterValue") ?? ""
            }
        }

        let parameterGroupName: String
        let parameterNameValues: [Value]

        init(_ member: Members) throws {
            parameterGroupName = try member("ParameterGroupName")
            parameterNameValues = try member("ParameterNameValues")
        }
    }

    private static let limit = 20

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> ParameterGroupOutput {
        let place = Place(call)
        guard (1...Self.limit).contains(input.parameterNameValues.count) else {
            throw ServiceError.invalidParameterValue("There must be between 1 and \(Self.limit) parameters.")
        }
        guard input.parameterGroupName != ParameterGroup.default.name else {
            throw ServiceError.parameterGroupState("The default parameter group cannot be modified.")
        }
        let group = try await store.write(at: place) { transaction in
            var group = try transaction.parameterGroup(input.parameterGroupName, at: place)
            for value in input.parameterNameValues { try group.set(value.name, to: value.value) }
            try transaction.put(group, at: place)
            try transaction.record("Parameter group modified.", of: group.name, .parameterGroup, at: place, call.now)
            return group
        }
        return ParameterGroupOutput(group: group)
    }
}
