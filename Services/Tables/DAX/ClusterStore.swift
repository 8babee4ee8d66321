import DynamoDB
import ServiceKit

/// What is kept under a name: clusters, parameter groups, subnet groups.
protocol NamedResource: InputShape, OutputShape {
    /// Its kind in the storage; never changed, as files hold it.
    static var kind: String { get }
    var name: String { get }
}

/// Clusters, their groups and what happened to them.
struct ClusterStore: Sendable {
    let database: Database
    let clusters: CacheClusters
    let pages: PageToken

    /// Tells the cache of all clusters.
    func load() async throws {
        try await database.read { snapshot in
            for place in try snapshot.clusterPlaces() {
                clusters.set(try snapshot.cacheTimes(at: place), account: place.account, region: place.region)
            }
        }
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) async throws -> Result { try await database.read(body) }

    /// A page of all there is of a kind, in the order of the names.
    func page<Resource: NamedResource>(
        _ type: Resource.Type, _ token: String?, limit: Int, scope: String, at place: Place
    ) async throws -> Page<Resource> {
        try await pages.page(
            token, limit: limit, scope: "\(scope) \(place.account) \(place.region)", position: \.name
        ) { after, limit in try await read { try $0.resources(type, at: place, after: after, limit: limit) } }
    }

    /// Writes, and lets the cache know what became of the clusters there.
    @discardableResult
    func write<Result: Sendable>(
        at place: Place, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write { [clusters] transaction in
            let result = try body(transaction)
            let times = try transaction.cacheTimes(at: place)
            transaction.afterCommit { clusters.set(times, account: place.account, region: place.region) }
            return result
        }
    }

    /// Changes a cluster that must be there.
    ///
    /// - Throws: `ClusterNotFoundFault`
    func change(
        _ name: String, at place: Place,
        _ body: @escaping @Sendable (inout Cluster, Transaction) throws -> Void
    ) async throws -> Cluster {
        try await write(at: place) { transaction in
            var cluster = try transaction.cluster(name, at: place)
            try body(&cluster, transaction)
            try transaction.put(cluster, at: place)
            return cluster
        }
    }
}

extension Snapshot {
    func resource<Resource: NamedResource>(_ name: String, at place: Place) throws -> Resource? {
        let definition: [UInt8]? = try value(
            "SELECT definition FROM dax_resource WHERE account = ? AND region = ? AND kind = ? AND name = ?",
            place.account, place.region, Resource.kind, name)
        return try definition.map { try Resource(json: JSONDocument($0).root) }
    }

    /// In the order of their names.
    func resources<Resource: NamedResource>(
        _ type: Resource.Type = Resource.self, at place: Place, after name: String = "", limit: Int = .max
    ) throws -> [Resource] {
        try rows(
            """
            SELECT definition FROM dax_resource WHERE account = ? AND region = ? AND kind = ? AND name > ?
            ORDER BY name LIMIT ?
            """, place.account, place.region, Resource.kind, name, limit
        ) { try Resource(json: JSONDocument($0[0]).root) }
    }

    /// - Throws: `ClusterNotFoundFault`
    func cluster(_ name: String, at place: Place) throws -> Cluster {
        guard let cluster: Cluster = try resource(name.lowercased(), at: place) else { throw ServiceError.noCluster }
        return cluster
    }

    func clusterPlaces() throws -> [Place] {
        try rows("SELECT DISTINCT account, region FROM dax_resource WHERE kind = ?", Cluster.kind) {
            Place(account: try $0[0], region: try $0[1])
        }
    }

    /// What each cluster's parameter group says.
    func cacheTimes(at place: Place) throws -> [String: CacheTimes] {
        var times: [String: CacheTimes] = [:]
        for cluster in try resources(Cluster.self, at: place) {
            times[cluster.name] = try parameterGroup(cluster.parameterGroup, at: place).times
        }
        return times
    }

    /// - Throws: `ParameterGroupNotFoundFault`
    func parameterGroup(_ name: String, at place: Place) throws -> ParameterGroup {
        if name == ParameterGroup.default.name { return .default }
        guard let group: ParameterGroup = try resource(name, at: place) else { throw ServiceError.noParameterGroup }
        return group
    }

    /// - Throws: `SubnetGroupNotFoundFault`
    func subnetGroup(_ name: String, at place: Place) throws -> SubnetGroup {
        guard let group: SubnetGroup = try resource(name.lowercased(), at: place) else {
            throw ServiceError.noSubnetGroup
        }
        return group
    }
}

extension Transaction {
    func put<Resource: NamedResource>(_ resource: Resource, at place: Place) throws {
        var json = JSONWriter()
        json.value(resource)
        try execute(
            """
            INSERT INTO dax_resource (account, region, kind, name, definition) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (account, region, kind, name) DO UPDATE SET definition = excluded.definition
            """, place.account, place.region, Resource.kind, resource.name, json.bytes)
    }

    func delete<Resource: NamedResource>(_ resource: Resource, at place: Place) throws {
        try execute(
            "DELETE FROM dax_resource WHERE account = ? AND region = ? AND kind = ? AND name = ?", place.account,
            place.region, Resource.kind, resource.name)
    }
}
