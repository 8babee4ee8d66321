import ServiceKit

/// Takes nodes from a cluster; the last one stays.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DecreaseReplicationFactor.html)
struct DecreaseReplicationFactor: AWSOperation {
    struct Input: InputShape {
        let clusterName: String
        let newReplicationFactor: Int
        let availabilityZones: [String]?
        let nodeIdsToRemove: [String]?

        init(_ member: Members) throws {
            clusterName = try member("ClusterName")
            newReplicationFactor = try member("NewReplicationFactor")
            availabilityZones = try member("AvailabilityZones")
            nodeIdsToRemove = try member("NodeIdsToRemove")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: Cluster.arn(input.clusterName, at: Place(call)))]
    }

    func perform(_ input: Input, in call: Call) async throws -> ClusterOutput {
        let place = Place(call)
        let before = try await store.read { try $0.cluster(input.clusterName, at: place) }
        let cluster = try await store.change(input.clusterName, at: place) { cluster, transaction in
            for id in try input.nodes(of: cluster) {
                cluster.nodes.removeAll { $0.id == id }
                try transaction.record("Removed node \(id).", of: cluster.name, at: place, call.now)
            }
        }
        let left = Set(cluster.nodes.map(\.id))
        var description = ClusterDescription(cluster, in: call, .modifying)
        description.nodesToRemove = before.nodes.map(\.id).filter { !left.contains($0) }
        return ClusterOutput(description)
    }
}

extension DecreaseReplicationFactor.Input {
    /// The nodes to remove: those named, those in the zones named, or the youngest.
    fileprivate func nodes(of cluster: Cluster) throws(ServiceError) -> [String] {
        let excess = cluster.nodes.count - newReplicationFactor
        guard newReplicationFactor > 0, excess > 0 else {
            throw .invalidParameterValue(
                "The new replication factor must be at least 1 and less than the current one, "
                    + "\(cluster.nodes.count).")
        }
        if let ids = nodeIdsToRemove, !ids.isEmpty {
            for id in ids where !cluster.nodes.contains(where: { $0.id == id }) { throw .noNode(id) }
            guard Set(ids).count == excess else {
                throw .invalidCombination(
                    "The number of nodes to remove must be the difference of the replication factors, \(excess).")
            }
            return ids
        }
        let zones = availabilityZones ?? []
        let candidates = cluster.nodes.filter { zones.isEmpty || zones.contains($0.availabilityZone) }
        guard candidates.count >= excess else {
            throw .invalidCombination("There are not as many nodes in the Availability Zones given.")
        }
        return candidates.suffix(excess).map(\.id)
    }
}
