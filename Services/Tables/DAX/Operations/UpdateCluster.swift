import ServiceKit

/// Changes settings of a cluster; another parameter group counts at once.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_UpdateCluster.html)
struct UpdateCluster: AWSOperation {
    struct Input: InputShape {
        let clusterName: String
        let description: String?
        let preferredMaintenanceWindow: String?
        let notificationTopicArn: String?
        let notificationTopicStatus: String?
        let parameterGroupName: String?
        let securityGroupIds: [String]?

        init(_ member: Members) throws {
            clusterName = try member("ClusterName")
            description = try member("Description")
            preferredMaintenanceWindow = try member("PreferredMaintenanceWindow")
            notificationTopicArn = try member("NotificationTopicArn")
            notificationTopicStatus = try member("NotificationTopicStatus")
            parameterGroupName = try member("ParameterGroupName")
            securityGroupIds = try member("SecurityGroupIds")
        }
    }

    let store: ClusterStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: Cluster.arn(input.clusterName, at: Place(call)))]
    }

    func perform(_ input: Input, in call: Call) async throws -> ClusterOutput {
        if let window = input.preferredMaintenanceWindow { try MaintenanceWindow.validate(window) }
        let place = Place(call)
        let cluster = try await store.change(input.clusterName, at: place) { cluster, transaction in
            if let name = input.parameterGroupName {
                cluster.parameterGroup = try transaction.parameterGroup(name, at: place).name
            }
            if let text = input.description { cluster.description = text }
            if let window = input.preferredMaintenanceWindow { cluster.maintenanceWindow = window }
            if let groups = input.securityGroupIds { cluster.securityGroups = groups }
            try cluster.notify(input.notificationTopicArn, status: input.notificationTopicStatus)
            try transaction.record("Cluster modified.", of: cluster.name, at: place, call.now)
        }
        return ClusterOutput(ClusterDescription(cluster, in: call, .modifying))
    }
}

extension Cluster {
    fileprivate mutating func notify(_ topicARN: String?, status: String?) throws(ServiceError) {
        guard status == nil || status == "active" || status == "inactive" else {
            throw .invalidParameterValue("The status of a notification topic must be active or inactive.")
        }
        if let topicARN { topic = Topic(arn: topicARN, isActive: true) }
        guard let status else { return }
        guard topic != nil else { throw .invalidCombination("The cluster has no notification topic.") }
        topic?.isActive = status == "active"
    }
}
