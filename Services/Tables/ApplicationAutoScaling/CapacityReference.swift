import ServiceKit

/// How every operation names what is scaled.
struct CapacityReference: Sendable {
    static let namespace = "dynamodb"

    let serviceNamespace: String
    let resourceID: String
    let scalableDimension: String

    init(_ member: Members) throws {
        serviceNamespace = try member("ServiceNamespace")
        resourceID = try member("ResourceId")
        scalableDimension = try member("ScalableDimension")
    }

    /// - Throws: `ValidationException` for what cannot be scaled here.
    func capacity(in call: Call) throws(ServiceError) -> ScalableCapacity {
        guard serviceNamespace == Self.namespace else { throw .otherNamespace(serviceNamespace) }
        guard
            let capacity = ScalableCapacity(
                account: call.account, region: call.region, resourceID: resourceID, dimension: scalableDimension)
        else { throw .unsupportedCapacity }
        return capacity
    }

    /// What belongs to something that is registered.
    ///
    /// - Throws: `missing` for what cannot be: it is not registered either.
    func capacity(in call: Call, or missing: ServiceError) throws(ServiceError) -> ScalableCapacity {
        do { return try capacity(in: call) } catch { throw missing }
    }

    /// `service namespace: dynamodb, resource ID: table/Songs, scalable dimension: dynamodb:table:ReadCapacityUnits`
    var text: String {
        "service namespace: \(serviceNamespace), resource ID: \(resourceID), scalable dimension: \(scalableDimension)"
    }

    /// Targets have an ARN that callers cannot know before they are registered; a pattern stands for all.
    func permission(in call: Call) -> Permission {
        Permission(
            on: ARN("application-autoscaling", region: call.region, account: call.account, "scalable-target/*"),
            context: [
                "application-autoscaling:service-namespace": [serviceNamespace],
                "application-autoscaling:scalable-dimension": [scalableDimension],
            ])
    }
}

/// What operations that list narrow their lists by, and which page they ask for.
struct ListRequest: Sendable {
    let serviceNamespace: String
    let resourceIDs: [String]?
    let scalableDimension: String?
    let names: [String]?
    private let maxResults: Int?
    let token: String?

    /// - Parameters:
    ///   - resources: the member for one or for several resources.
    ///   - names: the member for the names of policies or actions.
    init(_ member: Members, resources: String = "ResourceId", names: String? = nil) throws {
        serviceNamespace = try member("ServiceNamespace")
        if resources == "ResourceId" {
            let resource: String? = try member(resources)
            resourceIDs = resource.map { [$0] }
        } else {
            resourceIDs = try member(resources)
        }
        scalableDimension = try member("ScalableDimension")
        self.names = try names.flatMap { try member($0) }
        maxResults = try member("MaxResults")
        token = try member("NextToken")
    }

    /// - Throws: `ValidationException` where there is none of a dimension without a resource, or for a page too long.
    func limit(_ longest: Int) throws(ServiceError) -> Int {
        guard scalableDimension == nil || !(resourceIDs ?? []).isEmpty else {
            throw .validation("ResourceId must be specified if ScalableDimension is specified.")
        }
        guard let maxResults else { return longest }
        guard (1...longest).contains(maxResults) else {
            throw .validation("MaxResults must be between 1 and \(longest)")
        }
        return maxResults
    }

    func permission(in call: Call) -> Permission {
        Permission(on: "*", context: ["application-autoscaling:service-namespace": [serviceNamespace]])
    }

    /// What a token is good for.
    func scope(in call: Call) -> String {
        "\(call.operation) \(call.account) \(call.region) \(serviceNamespace)"
    }
}
