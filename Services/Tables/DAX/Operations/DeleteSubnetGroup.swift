import ServiceKit

/// Deletes a group that no cluster is in.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DeleteSubnetGroup.html)
struct DeleteSubnetGroup: AWSOperation {
    struct Input: InputShape {
        let subnetGroupName: String

        init(_ member: Members) throws { subnetGroupName = try member("SubnetGroupName") }
    }

    typealias Output = DeletionOutput

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let place = Place(call)
        try await store.write(at: place) { transaction in
            let group = try transaction.subnetGroup(input.subnetGroupName, at: place)
            guard try !transaction.resources(Cluster.self, at: place).contains(where: { $0.subnetGroup == group.name })
            else { throw ServiceError.subnetGroupInUse(group.name) }
            try transaction.delete(group, at: place)
            try transaction.record("Subnet group deleted.", of: group.name, .subnetGroup, at: place, call.now)
        }
        return Output(message: "Subnet group \(input.subnetGroupName) has been deleted.")
    }
}
