import ServiceKit

/// Answers as AWS does when a node reboots, which keeps what is cached; there is no process of its own here to restart.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_RebootNode.html)
struct RebootNode: AWSOperation {
    struct Input: InputShape {
        let clusterName: String
        let nodeId: String

        init(_ member: Members) throws {
            clusterName = try member("ClusterName")
            nodeId = try member("NodeId")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: Cluster.arn(input.clusterName, at: Place(call)))]
    }

    func perform(_ input: Input, in call: Call) async throws -> ClusterOutput {
        let place = Place(call)
        let cluster = try await store.change(input.clusterName, at: place) { cluster, transaction in
            guard cluster.nodes.contains(where: { $0.id == input.nodeId }) else {
                throw ServiceError.noNode(input.nodeId)
            }
            try transaction.record("Node \(input.nodeId) rebooted.", of: cluster.name, at: place, call.now)
        }
        var description = ClusterDescription(cluster, in: call)
        description.nodeStatus[input.nodeId] = "rebooting"
        return ClusterOutput(description)
    }
}
