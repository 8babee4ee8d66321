import ServiceKit

/// DAX's errors.
extension ServiceError {
    static func invalidParameterValue(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterValueException", message)
    }

    static func invalidCombination(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterCombinationException", message)
    }

    // MARK: Clusters

    static let noCluster = ServiceError("ClusterNotFoundFault", "Cluster not found.")

    static func noCluster(named name: String) -> ServiceError {
        ServiceError("ClusterNotFoundFault", "Cluster \(name) not found.")
    }

    static func clusterExists(_ name: String) -> ServiceError {
        ServiceError("ClusterAlreadyExistsFault", "Cluster \(name) already exists.")
    }

    static func noNode(_ id: String) -> ServiceError {
        ServiceError("NodeNotFoundFault", "Node \(id) not found.")
    }

    static func tooManyNodes(inCluster limit: Int) -> ServiceError {
        ServiceError("NodeQuotaForClusterExceededFault", "A cluster cannot have more than \(limit) nodes.")
    }

    static func tooManyNodes(inAccount limit: Int) -> ServiceError {
        ServiceError(
            "NodeQuotaForCustomerExceededFault", "An account cannot have more than \(limit) nodes in a region.")
    }

    // MARK: Groups

    static let noParameterGroup = ServiceError("ParameterGroupNotFoundFault", "Parameter group not found.")

    static func parameterGroupExists(_ name: String) -> ServiceError {
        ServiceError("ParameterGroupAlreadyExistsFault", "Parameter group \(name) already exists.")
    }

    static func tooManyParameterGroups(_ limit: Int) -> ServiceError {
        ServiceError(
            "ParameterGroupQuotaExceededFault", "There cannot be more than \(limit) parameter groups in a region.")
    }

    static func parameterGroupState(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterGroupStateFault", message)
    }

    static let noSubnetGroup = ServiceError("SubnetGroupNotFoundFault", "Subnet group not found.")

    static func subnetGroupExists(_ name: String) -> ServiceError {
        ServiceError("SubnetGroupAlreadyExistsFault", "Subnet group \(name) already exists.")
    }

    static func subnetGroupInUse(_ name: String) -> ServiceError {
        ServiceError("SubnetGroupInUseFault", "Subnet group \(name) is in use by a cluster.")
    }

    static func tooManySubnetGroups(_ limit: Int) -> ServiceError {
        ServiceError("SubnetGroupQuotaExceededFault", "There cannot be more than \(limit) subnet groups in a region.")
    }

    static func tooManySubnets(_ limit: Int) -> ServiceError {
        ServiceError("SubnetQuotaExceededFault", "A subnet group cannot have more than \(limit) subnets.")
    }

    static func invalidSubnet(_ id: String) -> ServiceError {
        ServiceError("InvalidSubnet", "The subnet ID \(id) is not valid.")
    }

    // MARK: Tags

    static func invalidARN(_ arn: String) -> ServiceError {
        ServiceError("InvalidARNFault", "The Amazon Resource Name (ARN) \(arn) is not valid.")
    }

    static func tooManyTags(_ limit: Int) -> ServiceError {
        ServiceError("TagQuotaPerResourceExceeded", "A cluster cannot have more than \(limit) tags.")
    }

    static func noTag(_ key: String) -> ServiceError {
        ServiceError("TagNotFoundFault", "The cluster has no tag \(key).")
    }
}
