import ServiceKit

/// Describes all clusters, or those named.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DescribeClusters.html)
struct DescribeClusters: AWSOperation {
    struct Input: InputShape {
        let clusterNames: [String]?
        let page: PageRequest

        init(_ member: Members) throws {
            clusterNames = try member("ClusterNames")
            page = try PageRequest(member)
        }

        var names: [String] { clusterNames ?? [] }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        guard !input.names.isEmpty else { return [Permission(on: "*")] }
        return input.names.map { Permission(on: Cluster.arn($0, at: Place(call))) }
    }

    func perform(_ input: Input, in call: Call) async throws -> ListOutput<ClusterDescription> {
        let place = Place(call)
        let limit = try input.page.limit
        guard input.names.isEmpty else {
            let named = try await store.read { snapshot in
                try input.names.map { name in
                    guard let cluster: Cluster = try snapshot.resource(name.lowercased(), at: place) else {
                        throw ServiceError.noCluster(named: name)
                    }
                    return cluster
                }
            }
            return ListOutput("Clusters", all: named.map { ClusterDescription($0, in: call) })
        }
        let page = try await store.page(Cluster.self, input.page.token, limit: limit, scope: "clusters", at: place)
        return ListOutput("Clusters", page.map { ClusterDescription($0, in: call) })
    }
}
