import ServiceKit

/// APIs, their resources, authorizers, deployments and stages, durable.
struct APIStore: Sendable {
    let database: Database
    let masterKey: MasterKey
    /// Rings the gateways that hold snapshots of an API.
    let changed: @Sendable (_ api: String) -> Void

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await database.write(body)
    }
    func read<T>(_ body: (Snapshot) throws -> T) async throws -> T { try await database.read(body) }

    private var pages: PageToken {
        PageToken(
            key: masterKey.derived("apigateway page tokens"),
            refusal: .badRequest("Invalid position parameter"))
    }

    /// One page of what `load` answers behind a position, in the form of this service's collections.
    func collection<Element>(
        _ token: String?, limit: Int?, scope: String, position: (Element) -> String,
        load: (Snapshot, _ after: String, _ limit: Int) throws -> [Element]
    ) async throws -> Page<Element> {
        try await pages.page(token, limit: min(max(limit ?? 25, 1), 500), scope: scope, position: position) {
            after, limit in try await read { try load($0, after, limit) }
        }
    }
}

// MARK: APIs

extension Snapshot {
    private static var apiColumns: String { "SELECT id, region, account, root, members, created FROM apis" }

    /// - Throws: `NotFoundException`, also for APIs of other accounts and regions.
    func api(_ id: String, in call: Call) throws -> RestAPI {
        guard let api = try first("\(Snapshot.apiColumns) WHERE id = ?", id, body: api), api.account == call.account,
            api.region == call.region
        else { throw ServiceError.invalidAPI(id) }
        return api
    }

    /// An API of whatever account and region.
    func api(_ id: String) throws -> RestAPI? { try first("\(Snapshot.apiColumns) WHERE id = ?", id, body: api) }

    func apis(in call: Call, after id: String, limit: Int) throws -> [RestAPI] {
        try rows(
            "\(Snapshot.apiColumns) WHERE region = ? AND account = ? AND id > ? ORDER BY id LIMIT ?", call.region,
            call.account, id, limit, body: api)
    }

    private func api(_ row: Row) throws -> RestAPI {
        RestAPI(
            id: try row[0], region: try row[1], account: try row[2], rootResourceID: try row[3],
            members: try StoredMembers(encoded: try row[4]), created: Timestamp(milliseconds: try row[5]))
    }
}

extension Transaction {
    func put(_ api: RestAPI) throws {
        try execute(
            """
            INSERT INTO apis (id, region, account, root, members, created) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET members = excluded.members
            """, api.id, api.region, api.account, api.rootResourceID, api.members.encoded, api.created.milliseconds)
    }

    func delete(_ api: RestAPI) throws {
        // Stages refer to deployments without a cascade: a deployment in use cannot go alone.
        try execute("DELETE FROM stages WHERE api = ?", api.id)
        try execute("DELETE FROM apis WHERE id = ?", api.id)
    }
}

// MARK: Resources

extension Snapshot {
    private static var resourceColumns: String { "SELECT api, id, parent, part, path, methods FROM resources" }

    /// - Throws: `NotFoundException`
    func resource(_ id: String, of api: RestAPI) throws -> Resource {
        guard
            let resource = try first("\(Snapshot.resourceColumns) WHERE api = ? AND id = ?", api.id, id, body: resource)
        else { throw ServiceError.invalidResource }
        return resource
    }

    func resources(of api: RestAPI, after id: String = "", limit: Int = .max) throws -> [Resource] {
        try rows(
            "\(Snapshot.resourceColumns) WHERE api = ? AND id > ? ORDER BY id LIMIT ?", api.id, id, limit,
            body: resource)
    }

    func hasResource(at path: String, of api: RestAPI) throws -> Bool {
        try exists("SELECT 1 FROM resources WHERE api = ? AND path = ?", api.id, path)
    }

    /// The part of a resource's child that is a variable of the same kind, plain or greedy, where `part` is one.
    ///
    /// Two of them would take the same paths.
    func variable(below parent: Resource, of api: RestAPI, like part: String) throws -> String? {
        guard part.hasPrefix("{") else { return nil }
        let parts: [String] = try rows(
            "SELECT part FROM resources WHERE api = ? AND parent = ?", api.id, parent.id
        ) { try $0[0] }
        return parts.first { $0.hasPrefix("{") && $0.hasSuffix("+}") == part.hasSuffix("+}") }
    }

    private func resource(_ row: Row) throws -> Resource {
        Resource(
            apiID: try row[0], id: try row[1], parentID: try row[2], pathPart: try row[3], path: try row[4],
            methods: try [String: Method](json: JSONDocument(try row[5]).root))
    }
}

extension Transaction {
    func put(_ resource: Resource) throws {
        var methods = JSONWriter()
        methods.value(resource.methods)
        try execute(
            """
            INSERT INTO resources (api, id, parent, part, path, methods) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (api, id) DO UPDATE SET methods = excluded.methods
            """, resource.apiID, resource.id, resource.parentID, resource.pathPart, resource.path, methods.bytes)
    }

    /// With everything below it.
    func delete(_ resource: Resource) throws {
        try execute("DELETE FROM resources WHERE api = ? AND id = ?", resource.apiID, resource.id)
    }
}

// MARK: Authorizers

extension Snapshot {
    func authorizer(_ id: String, of api: RestAPI) throws -> Authorizer {
        let found = try first(
            "SELECT id, members FROM authorizers WHERE api = ? AND id = ?", api.id, id, body: authorizer)
        guard let found else { throw ServiceError.invalidAuthorizer }
        return found
    }

    func authorizers(of api: RestAPI, after id: String = "", limit: Int = .max) throws -> [Authorizer] {
        try rows(
            "SELECT id, members FROM authorizers WHERE api = ? AND id > ? ORDER BY id LIMIT ?", api.id, id, limit,
            body: authorizer)
    }

    private func authorizer(_ row: Row) throws -> Authorizer {
        Authorizer(id: try row[0], members: try StoredMembers(encoded: try row[1]))
    }
}

extension Transaction {
    func insert(_ authorizer: Authorizer, of api: RestAPI) throws {
        try execute(
            "INSERT INTO authorizers (api, id, members) VALUES (?, ?, ?)", api.id, authorizer.id,
            authorizer.members.encoded)
    }

    func delete(_ authorizer: Authorizer, of api: RestAPI) throws {
        try execute("DELETE FROM authorizers WHERE api = ? AND id = ?", api.id, authorizer.id)
    }
}

// MARK: Deployments and stages

extension Snapshot {
    func deployment(_ id: String, of api: RestAPI) throws -> Deployment {
        let found = try first(
            "SELECT id, description, created FROM deployments WHERE api = ? AND id = ?", api.id, id, body: deployment)
        guard let found else { throw ServiceError.invalidDeployment }
        return found
    }

    func deployments(of api: RestAPI, after id: String, limit: Int) throws -> [Deployment] {
        try rows(
            "SELECT id, description, created FROM deployments WHERE api = ? AND id > ? ORDER BY id LIMIT ?", api.id,
            id, limit, body: deployment)
    }

    private func deployment(_ row: Row) throws -> Deployment {
        Deployment(id: try row[0], description: try row[1], created: Timestamp(milliseconds: try row[2]))
    }

    func isDeployed(_ deployment: Deployment, of api: RestAPI) throws -> Bool {
        try exists("SELECT 1 FROM stages WHERE api = ? AND deployment = ?", api.id, deployment.id)
    }

    func stage(_ name: String, of api: String) throws -> Stage? {
        try first("\(Snapshot.stageColumns) WHERE api = ? AND name = ?", api, name, body: stage)
    }

    func stages(of api: RestAPI) throws -> [Stage] {
        try rows("\(Snapshot.stageColumns) WHERE api = ? ORDER BY name", api.id, body: stage)
    }

    /// The definition a stage serves.
    func snapshot(of stage: Stage) throws -> [UInt8]? {
        try value("SELECT snapshot FROM deployments WHERE api = ? AND id = ?", stage.apiID, stage.deploymentID)
    }

    private static var stageColumns: String {
        "SELECT api, name, deployment, members, created, updated FROM stages"
    }

    private func stage(_ row: Row) throws -> Stage {
        Stage(
            apiID: try row[0], name: try row[1], deploymentID: try row[2],
            members: try StoredMembers(encoded: try row[3]), created: Timestamp(milliseconds: try row[4]),
            updated: Timestamp(milliseconds: try row[5]))
    }
}

extension Transaction {
    func insert(_ deployment: Deployment, of api: RestAPI, snapshot: [UInt8]) throws {
        try execute(
            "INSERT INTO deployments (api, id, description, created, snapshot) VALUES (?, ?, ?, ?, ?)", api.id,
            deployment.id, deployment.description, deployment.created.milliseconds, snapshot)
    }

    func delete(_ deployment: Deployment, of api: RestAPI) throws {
        try execute("DELETE FROM deployments WHERE api = ? AND id = ?", api.id, deployment.id)
    }

    func put(_ stage: Stage) throws {
        try execute(
            """
            INSERT INTO stages (api, name, deployment, members, created, updated) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (api, name) DO UPDATE SET deployment = excluded.deployment, members = excluded.members,
                updated = excluded.updated
            """, stage.apiID, stage.name, stage.deploymentID, stage.members.encoded, stage.created.milliseconds,
            stage.updated.milliseconds)
    }

    func delete(_ stage: Stage) throws {
        try execute("DELETE FROM stages WHERE api = ? AND name = ?", stage.apiID, stage.name)
    }
}
