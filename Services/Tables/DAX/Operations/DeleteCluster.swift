import ServiceKit

/// Deletes a cluster; what its tables keep in memory is not asked for any more.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DeleteCluster.html)
struct DeleteCluster: AWSOperation {
    struct Input: InputShape {
        let clusterName: String

        init(_ member: Members) throws {
            clusterName = try member("ClusterName")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: Cluster.arn(input.clusterName, at: Place(call)))]
    }

    func perform(_ input: Input, in call: Call) async throws -> ClusterOutput {
        let place = Place(call)
        let cluster = try await store.write(at: place) { transaction in
            let cluster = try transaction.cluster(input.clusterName, at: place)
            try transaction.delete(cluster, at: place)
            try transaction.record("Cluster deleted.", of: cluster.name, at: place, call.now)
            return cluster
        }
        return ClusterOutput(ClusterDescription(cluster, in: call, .deleting))
    }
}
