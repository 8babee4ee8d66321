import ServiceKit

/// Adds nodes to a cluster.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_IncreaseReplicationFactor.html)
struct IncreaseReplicationFactor: AWSOperation {
    struct Input: InputShape {
        let clusterName: String
        let newReplicationFactor: Int
        let availabilityZones: [String]?

        init(_ member: Members) throws {
            clusterName = try member("ClusterName")
            newReplicationFactor = try member("NewReplicationFactor")
            availabilityZones = try member("AvailabilityZones")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: Cluster.arn(input.clusterName, at: Place(call)))]
    }

    func perform(_ input: Input, in call: Call) async throws -> ClusterOutput {
        let place = Place(call)
        let count = input.newReplicationFactor
        guard count <= Cluster.nodeLimit else { throw ServiceError.tooManyNodes(inCluster: Cluster.nodeLimit) }
        let cluster = try await store.change(input.clusterName, at: place) { cluster, transaction in
            let missing = count - cluster.nodes.count
            guard missing > 0 else {
                throw ServiceError.invalidParameterValue(
                    "The new replication factor must be greater than the current one, \(cluster.nodes.count).")
            }
            guard input.availabilityZones.map({ $0.count == missing }) ?? true else {
                throw ServiceError.invalidCombination(
                    "The number of Availability Zones must be equal to the number of nodes to add.")
            }
            try transaction.checkNodeQuota(adding: missing, at: place)
            for node in cluster.grow(to: count, in: input.availabilityZones, region: place.region, at: call.now) {
                try transaction.record("Added node \(node.id).", of: cluster.name, at: place, call.now)
            }
        }
        var description = ClusterDescription(cluster, in: call, .modifying)
        for node in cluster.nodes where node.createdAt == call.now { description.nodeStatus[node.id] = "creating" }
        return ClusterOutput(description)
    }
}
