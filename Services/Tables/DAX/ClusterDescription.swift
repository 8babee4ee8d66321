import ServiceKit

/// Where the stack is reached: DAX's addresses are this one's, as reads go through DynamoDB's API.
struct Endpoint: Sendable, OutputShape {
    let address: String
    let port: Int
    let url: String

    /// - Parameter url: `http://localhost:4566`
    init(_ url: String) {
        self.url = url
        let isSecure = url.hasPrefix("https:")
        let authority = url.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
        // The colons of an IPv6 address stand in brackets.
        let colon = authority.lastIndex(of: ":").flatMap { authority[$0...].contains("]") ? nil : $0 }
        address = String(colon.map { authority[..<$0] } ?? authority)
        port = colon.flatMap { Int(authority[authority.index(after: $0)...]) } ?? (isSecure ? 443 : 80)
    }

    func write(to json: inout JSONWriter) {
        json.member("Address", address)
        json.member("Port", port)
        json.member("URL", url)
    }
}

/// What operations answer of a cluster.
///
/// Changes take no time here: the answer to a change shows the state that AWS's would go through, and the next look at
/// the cluster shows it available.
struct ClusterDescription: Sendable, OutputShape {
    enum Status: String, Sendable { case creating, available, modifying, deleting }

    let cluster: Cluster
    let place: Place
    let endpoint: Endpoint
    var status = Status.available
    /// Nodes in a state of their own.
    var nodeStatus: [String: String] = [:]
    var nodesToRemove: [String] = []

    init(_ cluster: Cluster, in call: Call, _ status: Status = .available) {
        self.cluster = cluster
        self.status = status
        place = Place(call)
        endpoint = Endpoint(call.source.endpoint)
    }

    /// Only the cluster itself is shown before its nodes are there, and when they go.
    private var showsNodes: Bool { status == .available || status == .modifying }

    func write(to json: inout JSONWriter) {
        json.member("ClusterName", cluster.name)
        json.member("Description", cluster.description)
        json.member("ClusterArn", cluster.arn(at: place))
        json.member("TotalNodes", cluster.nodes.count)
        json.member("ActiveNodes", showsNodes ? cluster.nodes.count - nodeStatus.count : 0)
        json.member("NodeType", cluster.nodeType)
        json.member("Status", status.rawValue)
        json.member("ClusterDiscoveryEndpoint", endpoint)
        if !nodesToRemove.isEmpty { json.member("NodeIdsToRemove", nodesToRemove) }
        if showsNodes {
            json.member("Nodes") { json in json.array { json in cluster.nodes.forEach { write($0, &json) } } }
        }
        json.member("PreferredMaintenanceWindow", cluster.maintenanceWindow)
        json.member("NotificationConfiguration", cluster.topic.map(TopicDescription.init))
        json.member("SubnetGroup", cluster.subnetGroup ?? SubnetGroup.defaultName)
        json.member("SecurityGroups", cluster.securityGroups.map(SecurityGroupDescription.init))
        json.member("IamRoleArn", cluster.roleARN)
        json.member("ParameterGroup") { json in
            json.object { json in
                json.member("ParameterGroupName", cluster.parameterGroup)
                json.member("ParameterApplyStatus", "in-sync")
                json.member("NodeIdsToReboot", [String]())
            }
        }
        json.member("SSEDescription") { json in
            json.object { $0.member("Status", cluster.isEncrypted ? "ENABLED" : "DISABLED") }
        }
        json.member("ClusterEndpointEncryptionType", cluster.endpointEncryption)
        json.member("NetworkType", cluster.networkType)
    }

    private func write(_ node: Cluster.Node, _ json: inout JSONWriter) {
        let status = nodeStatus[node.id] ?? "available"
        json.object { json in
            json.member("NodeId", node.id)
            // What is only being added has no address yet.
            if status != "creating" {
                json.member("Endpoint", endpoint)
                json.member("NodeCreateTime", node.createdAt)
            }
            json.member("AvailabilityZone", node.availabilityZone)
            json.member("NodeStatus", status)
            json.member("ParameterGroupStatus", "in-sync")
        }
    }

    private struct TopicDescription: OutputShape {
        let topic: Cluster.Topic
        func write(to json: inout JSONWriter) {
            json.member("TopicArn", topic.arn)
            json.member("TopicStatus", topic.isActive ? "active" : "inactive")
        }
    }

    private struct SecurityGroupDescription: OutputShape {
        let id: String
        func write(to json: inout JSONWriter) {
            json.member("SecurityGroupIdentifier", id)
            json.member("Status", "active")
        }
    }
}

/// The output of every operation on one cluster.
struct ClusterOutput: OutputShape {
    let cluster: ClusterDescription

    init(_ cluster: ClusterDescription) { self.cluster = cluster }

    func write(to json: inout JSONWriter) { json.member("Cluster", cluster) }
}
