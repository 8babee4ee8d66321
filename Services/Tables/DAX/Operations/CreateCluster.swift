import ServiceKit

/// Creates a cluster: tables that name it in their tag `apus:cache` are cached from now on.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_CreateCluster.html)
struct CreateCluster: AWSOperation {
    struct Input: InputShape {
        let clusterName: String
        let nodeType: String
        let description: String?
        let replicationFactor: Int
        let availabilityZones: [String]?
        let subnetGroupName: String?
        let securityGroupIds: [String]?
        let preferredMaintenanceWindow: String?
        let notificationTopicArn: String?
        let iamRoleArn: String
        let parameterGroupName: String?
        let tags: [Tag]?
        let isEncrypted: Bool
        let clusterEndpointEncryptionType: String?
        let networkType: String?

        init(_ member: Members) throws {
            clusterName = try member("ClusterName")
            nodeType = try member("NodeType")
            description = try member("Description")
            replicationFactor = try member("ReplicationFactor")
            availabilityZones = try member("AvailabilityZones")
            subnetGroupName = try member("SubnetGroupName")
            securityGroupIds = try member("SecurityGroupIds")
            preferredMaintenanceWindow = try member("PreferredMaintenanceWindow")
            notificationTopicArn = try member("NotificationTopicArn")
            iamRoleArn = try member("IamRoleArn")
            parameterGroupName = try member("ParameterGroupName")
            tags = try member("Tags")
            let encryption: EncryptionInput? = try member("SSESpecification")
            isEncrypted = encryption?.isEnabled ?? false
            clusterEndpointEncryptionType = try member("ClusterEndpointEncryptionType")
            networkType = try member("NetworkType")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let passed = ["iam:PassedToService": ["dax.amazonaws.com"]]
        return [
            Permission(on: Cluster.arn(input.clusterName, at: Place(call))),
            Permission("iam:PassRole", on: input.iamRoleArn, owner: ARN(input.iamRoleArn)?.account, context: passed),
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> ClusterOutput {
        try input.validate()
        let draft = try input.cluster(in: call)
        let place = Place(call)
        try await store.write(at: place) { transaction in
            if let known: Cluster = try transaction.resource(draft.name, at: place) {
                throw ServiceError.clusterExists(known.name)
            }
            if let name = draft.subnetGroup { _ = try transaction.subnetGroup(name, at: place) }
            _ = try transaction.parameterGroup(draft.parameterGroup, at: place)
            try transaction.checkNodeQuota(adding: draft.nodes.count, at: place)
            try transaction.put(draft, at: place)
            try transaction.record("Cluster created.", of: draft.name, at: place, call.now)
        }
        return ClusterOutput(ClusterDescription(draft, in: call, .creating))
    }
}

/// `SSESpecification`
private struct EncryptionInput: InputShape {
    let isEnabled: Bool

    init(_ member: Members) throws { isEnabled = try member("Enabled") }
}

extension CreateCluster.Input {
    private static let nodeFamilies: Set<Substring> = ["r3", "r4", "r5", "r7i", "t2", "t3"]

    fileprivate func validate() throws(ServiceError) {
        try Cluster.validate(name: clusterName)
        let type = nodeType.split(separator: ".", omittingEmptySubsequences: false)
        guard type.count == 3, type[0] == "dax", Self.nodeFamilies.contains(type[1]), !type[2].isEmpty else {
            throw .invalidParameterValue("Invalid node type: \(nodeType)")
        }
        guard let role = ARN(iamRoleArn), role.service == "iam", role.resource.hasPrefix("role/") else {
            throw .invalidParameterValue("The role ARN is not valid: \(iamRoleArn)")
        }
        guard replicationFactor > 0 else {
            throw .invalidParameterValue("The replication factor must be at least 1.")
        }
        guard replicationFactor <= Cluster.nodeLimit else { throw .tooManyNodes(inCluster: Cluster.nodeLimit) }
        guard availabilityZones.map({ $0.count == replicationFactor }) ?? true else {
            throw .invalidCombination("The number of Availability Zones must be equal to the replication factor.")
        }
        if let preferredMaintenanceWindow { try MaintenanceWindow.validate(preferredMaintenanceWindow) }
    }

    fileprivate func cluster(in call: Call) throws(ServiceError) -> Cluster {
        let subnetGroup = subnetGroupName?.lowercased()
        var cluster = Cluster(
            name: clusterName.lowercased(), description: description, nodeType: nodeType, roleARN: iamRoleArn,
            subnetGroup: subnetGroup == SubnetGroup.defaultName ? nil : subnetGroup,
            securityGroups: securityGroupIds ?? [],
            maintenanceWindow: preferredMaintenanceWindow ?? MaintenanceWindow.random(),
            topic: notificationTopicArn.map { Cluster.Topic(arn: $0, isActive: true) },
            parameterGroup: parameterGroupName ?? ParameterGroup.default.name, isEncrypted: isEncrypted,
            endpointEncryption: clusterEndpointEncryptionType ?? "NONE", networkType: networkType ?? "ipv4", tags: [:])
        try cluster.add(tags ?? [])
        _ = cluster.grow(to: replicationFactor, in: availabilityZones, region: call.region, at: call.now)
        return cluster
    }
}

extension Snapshot {
    /// - Throws: `NodeQuotaForCustomerExceededFault`
    func checkNodeQuota(adding nodes: Int, at place: Place) throws {
        let present = try resources(Cluster.self, at: place).reduce(0) { $0 + $1.nodes.count }
        guard present + nodes <= Cluster.accountNodeLimit else {
            throw ServiceError.tooManyNodes(inAccount: Cluster.accountNodeLimit)
        }
    }
}
