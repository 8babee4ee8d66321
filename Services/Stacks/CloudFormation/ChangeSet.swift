import ServiceKit

/// What a template would change in a stack, kept until it is executed or deleted.
struct ChangeSet: Sendable {
    enum Kind: String, Sendable {
        case create = "CREATE"
        case update = "UPDATE"
    }

    enum Status: String, Sendable {
        case pending = "CREATE_PENDING"
        case complete = "CREATE_COMPLETE"
        case failed = "FAILED"
    }

    enum ExecutionStatus: String, Sendable {
        case unavailable = "UNAVAILABLE"
        case available = "AVAILABLE"
        case inProgress = "EXECUTE_IN_PROGRESS"
        case complete = "EXECUTE_COMPLETE"
        case failed = "EXECUTE_FAILED"
        case obsolete = "OBSOLETE"
    }

    /// `arn:aws:cloudformation:us-east-1:000000000000:changeSet/name/uuid`
    let id: String
    let name: String
    let stackID: String
    let created: Timestamp
    let kind: Kind
    let description: String?
    let goal: StackDefinition
    let onFailure: StackOperation.OnFailure?
    var status: Status
    var statusReason: String?
    var executionStatus: ExecutionStatus
    var changes: [ResourceChange]
    /// The client's token of the request that made it.
    let clientToken: String?
}

/// The form a change set has in the storage.
extension ChangeSet: InputShape, OutputShape {
    init(_ member: Members) throws {
        id = try member("id")
        name = try member("name")
        stackID = try member("stackID")
        created = try member("created")
        kind = Kind(rawValue: try member("kind")) ?? .update
        description = try member("description")
        goal = try member("goal")
        onFailure = (try member("onFailure") as String?).flatMap(StackOperation.OnFailure.init(rawValue:))
        status = Status(rawValue: try member("status")) ?? .failed
        statusReason = try member("statusReason")
        executionStatus = ExecutionStatus(rawValue: try member("executionStatus")) ?? .unavailable
        changes = try member("changes")
        clientToken = try member("clientToken")
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("name", name)
        json.member("stackID", stackID)
        json.member("created", created)
        json.member("kind", kind.rawValue)
        json.member("description", description)
        json.member("goal", goal)
        json.member("onFailure", onFailure?.rawValue)
        json.member("status", status.rawValue)
        json.member("statusReason", statusReason)
        json.member("executionStatus", executionStatus.rawValue)
        json.member("changes", changes)
        json.member("clientToken", clientToken)
    }
}
