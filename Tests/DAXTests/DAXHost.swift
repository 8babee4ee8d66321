import DAX
import DynamoDB
import ServiceKit
import TestSupport

/// DAX and the tables it caches, on one database.
struct DAXHost {
    let host: TestHost

    static func with<Result>(
        folder: String? = nil, authorizer: any Authorizer = AllowAll(), _ body: (DAXHost) async throws -> Result
    ) async throws -> Result {
        try await TestHost.with(
            "tables", folder: folder, authorizer: authorizer,
            { host in
                let database = try DynamoDB.database(on: host, others: DAX.migrations)
                let clusters = CacheClusters()
                return try await DynamoDB.services(on: host, database, clusters: clusters)
                    + [DAX.service(on: host, database, clusters: clusters)]
            }, run: { try await body(DAXHost(host: $0)) })
    }

    @discardableResult
    func call(_ operation: String, _ input: String = "{}") async throws -> JSONValue {
        try await host.call("dax", operation, input)
    }

    /// The code of the error; `none` where there is none.
    func error(_ operation: String, _ input: String = "{}") async throws -> String {
        try await host.error(of: "dax", operation, input)?.code ?? "none"
    }

    @discardableResult
    func createCluster(_ name: String = "songs", nodes: Int = 1, more: String = "") async throws -> JSONValue {
        try await call("CreateCluster", Self.cluster(name, nodes: nodes, more: more))
    }

    static func cluster(_ name: String = "songs", nodes: Int = 1, more: String = "") -> String {
        """
        {"ClusterName":"\(name)","NodeType":"dax.t3.small","ReplicationFactor":\(nodes),\
        "IamRoleArn":"arn:aws:iam::000000000000:role/dax"\(more)}
        """
    }

    /// The clusters' names.
    func clusterNames() async throws -> [String] {
        let clusters = try await call("DescribeClusters")["Clusters"]
        return clusters?.elements.compactMap { $0["ClusterName"]?.string } ?? []
    }

    func cluster(_ name: String = "songs") async throws -> JSONValue? {
        let described = try await call("DescribeClusters", #"{"ClusterNames":["\#(name)"]}"#)
        return described["Clusters"]?.elements.first { _ in true }
    }
}

extension JSONValue {
    /// The members of the elements of a list, as texts.
    func texts(_ member: String) -> [String] { elements.compactMap { $0[member]?.string } }
    var strings: [String] { elements.compactMap(\.string) }
}
