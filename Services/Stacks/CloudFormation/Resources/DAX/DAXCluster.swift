import ServiceKit
import TemplateLanguage

/// A cluster: a name for how long tables' reads are cached.
///
/// [Reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dax-cluster.html)
struct DAXCluster: ResourceType {
    let name = "AWS::DAX::Cluster"

    private static let names = ["IAMRoleARN": "IamRoleArn", "NotificationTopicARN": "NotificationTopicArn"]

    func plannedID(for properties: TemplateMap, in context: ResourceContext) -> String? {
        (properties.text("ClusterName") ?? context.daxName(limit: 20)).lowercased()
    }

    func create(
        _ properties: TemplateMap, planned: String?, in context: ResourceContext
    ) async throws -> PhysicalResource {
        let id = planned ?? context.daxName(limit: 20)
        try await context.make("dax", "CreateCluster", unless: "ClusterAlreadyExistsFault") { json in
            json.member("ClusterName", id)
            let same = properties.without("ClusterName", "SSESpecification", "Tags").renamed(Self.names)
            for entry in same.entries { json.member(entry.name, entry.value) }
            if let isEncrypted = properties["SSESpecification"]?.map?.flag("SSEEnabled") {
                json.member("SSESpecification") { $0.object { $0.member("Enabled", isEncrypted) } }
            }
            json.member("Tags", properties.tags.ifAny)
        }
        return try await available(id, in: context)
    }

    func update(
        _ id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource {
        try await updateSettings(of: id, from: old, to: new, in: context)
        try await resize(id, to: new, in: context)
        let cluster = try await available(id, in: context)
        let arn = cluster.attributes["Arn"]?.text ?? ""
        try await context.changeTags(of: arn, named: "ResourceName", from: old, to: new, "dax")
        return cluster
    }

    func delete(_ id: String, _ properties: TemplateMap, in context: ResourceContext) async throws {
        try await context.call("dax", "DeleteCluster", ifThere: Self.missing) { $0.member("ClusterName", id) }
        try await context.wait { try await describe(id, in: context) == nil ? true : nil }
    }

    func read(
        _ id: String, _ properties: TemplateMap, in context: ResourceContext
    ) async throws -> PhysicalResource? {
        try await describe(id, in: context).map(Self.resource)
    }

    // MARK: Changes

    private func updateSettings(
        of id: String, from old: TemplateMap, to new: TemplateMap, in context: ResourceContext
    ) async throws {
        func changed(_ name: String) -> Bool { old[name] != new[name] }
        let names = [
            "Description", "PreferredMaintenanceWindow", "ParameterGroupName", "SecurityGroupIds",
            "NotificationTopicARN",
        ]
        guard names.contains(where: changed) else { return }
        try await context.call("dax", "UpdateCluster") { json in
            json.member("ClusterName", id)
            if changed("Description") { json.member("Description", new.text("Description") ?? "") }
            if changed("PreferredMaintenanceWindow") { json.members(new, "PreferredMaintenanceWindow") }
            if changed("ParameterGroupName") {
                json.member("ParameterGroupName", new.text("ParameterGroupName") ?? "default.dax1.0")
            }
            if changed("SecurityGroupIds") { json.member("SecurityGroupIds", new.texts("SecurityGroupIds")) }
            guard changed("NotificationTopicARN") else { return }
            json.member("NotificationTopicArn", new["NotificationTopicARN"])
            json.member("NotificationTopicStatus", new["NotificationTopicARN"] == nil ? "inactive" : "active")
        }
    }

    private func resize(_ id: String, to new: TemplateMap, in context: ResourceContext) async throws {
        guard let wanted = new.int("ReplicationFactor"),
            let present = try await describe(id, in: context)?["TotalNodes"]?.int64, present != wanted
        else { return }
        let zones = new.texts("AvailabilityZones")
        let operation = wanted > present ? "IncreaseReplicationFactor" : "DecreaseReplicationFactor"
        try await context.call("dax", operation) { json in
            json.member("ClusterName", id)
            json.member("NewReplicationFactor", wanted)
            // Those of the nodes to come: the template has one zone a node.
            if wanted > present, zones.count == wanted {
                json.member("AvailabilityZones", Array(zones.dropFirst(Int(present))))
            }
        }
    }

    // MARK: Looking

    private static let missing = "ClusterNotFoundFault"

    private func describe(_ id: String, in context: ResourceContext) async throws -> JSONValue? {
        let reply = try await context.call("dax", "DescribeClusters", ifThere: Self.missing) {
            $0.member("ClusterNames", [id])
        }
        return reply?["Clusters"]?.elements.first { _ in true }
    }

    private func available(_ id: String, in context: ResourceContext) async throws -> PhysicalResource {
        try await context.wait {
            guard let cluster = try await describe(id, in: context) else {
                throw ServiceError(Self.missing, "Cluster \(id) not found.")
            }
            return cluster["Status"]?.string == "available" ? Self.resource(cluster) : nil
        }
    }

    private static func resource(_ cluster: JSONValue) -> PhysicalResource {
        let id = cluster["ClusterName"]?.string ?? ""
        let endpoint = cluster["ClusterDiscoveryEndpoint"]
        let address = "\(endpoint?["Address"]?.string ?? ""):\(endpoint?["Port"]?.int64 ?? 0)"
        return PhysicalResource(
            id,
            attributes: [
                "Id": .string(id), "Arn": .string(cluster["ClusterArn"]?.string ?? ""),
                "ClusterDiscoveryEndpoint": .string(address),
                "ClusterDiscoveryEndpointURL": .string(endpoint?["URL"]?.string ?? ""),
            ])
    }
}

extension ResourceContext {
    /// A generated name as DAX takes it: without two hyphens in a row.
    func daxName(limit: Int) -> String {
        let name = generatedName(limit: limit, lowercased: true)
        return name.split(separator: "-").joined(separator: "-")
    }
}
