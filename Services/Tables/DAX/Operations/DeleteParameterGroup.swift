import ServiceKit

/// Deletes a group that no cluster uses.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DeleteParameterGroup.html)
struct DeleteParameterGroup: AWSOperation {
    struct Input: InputShape {
        let parameterGroupName: String

        init(_ member: Members) throws { parameterGroupName = try member("ParameterGroupName") }
    }

    typealias Output = DeletionOutput

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let place = Place(call)
        let name = input.parameterGroupName
        try await store.write(at: place) { transaction in
            let group = try transaction.parameterGroup(name, at: place)
            guard name != ParameterGroup.default.name else {
                throw ServiceError.parameterGroupState("The default parameter group cannot be deleted.")
            }
            guard try !transaction.resources(Cluster.self, at: place).contains(where: { $0.parameterGroup == name })
            else { throw ServiceError.parameterGroupState("Parameter group \(name) is in use by a cluster.") }
            try transaction.delete(group, at: place)
            try transaction.record("Parameter group deleted.", of: name, .parameterGroup, at: place, call.now)
        }
        return Output(message: "Parameter group \(name) has been deleted.")
    }
}

struct DeletionOutput: OutputShape {
    let message: String

    func write(to json: inout JSONWriter) { json.member("DeletionMessage", message) }
}
