import ServiceKit

/// Something that happened to a stack or to one of its resources.
struct StackEvent: InputShape, OutputShape {
    let id: String
    let logicalID: String
    let physicalID: String
    let type: String
    let status: String
    let reason: String?
    let time: Timestamp
    /// JSON text, as the resource was given them.
    let properties: String?
    let clientToken: String?
    /// The ID of the operation it belongs to.
    let operation: String?
    /// That operation's kind, in events of stacks.
    let operationKind: StackOperation.Kind?

    /// The type that stacks themselves have in events.
    static let stackType = "AWS::CloudFormation::Stack"

    init(of stack: Stack, _ status: StackStatus, _ reason: String?, at now: Timestamp) {
        id = Identifier.uuid()
        (logicalID, physicalID, type) = (stack.name, stack.id, Self.stackType)
        (self.status, self.reason, time) = (status.rawValue, reason, now)
        (properties, clientToken) = (nil, stack.operation?.clientToken)
        (operation, operationKind) = (stack.operation?.id, stack.operation?.kind)
    }

    init(of resource: StackResource, properties: String?, clientToken: String?, physicalID: String?, at now: Timestamp)
    {
        id = "\(resource.logicalID)-\(resource.status.rawValue)-\(now.milliseconds)-\(Identifier.lowercase(6))"
        (logicalID, type) = (resource.logicalID, resource.type)
        self.physicalID = physicalID ?? resource.physicalID ?? ""
        (status, reason, time) = (resource.status.rawValue, resource.reason, now)
        self.properties = properties
        self.clientToken = clientToken
        (operation, operationKind) = (resource.operation, nil)
    }
}

/// The form an event has in the storage.
extension StackEvent {
    init(_ member: Members) throws {
        id = try member("id")
        logicalID = try member("logicalID")
        physicalID = try member("physicalID")
        type = try member("type")
        status = try member("status")
        reason = try member("reason")
        time = try member("time")
        properties = try member("properties")
        clientToken = try member("clientToken")
        operation = try member("operation")
        operationKind = (try member("operationKind") as String?).flatMap(StackOperation.Kind.init(rawValue:))
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("logicalID", logicalID)
        json.member("physicalID", physicalID)
        json.member("type", type)
        json.member("status", status)
        json.member("reason", reason)
        json.member("time", time)
        json.member("properties", properties)
        json.member("clientToken", clientToken)
        json.member("operation", operation)
        json.member("operationKind", operationKind?.rawValue)
    }
}
