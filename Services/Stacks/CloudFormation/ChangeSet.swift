import ServiceKit

/// What a template would change in a stack, kept until it is executed or deleted.
struct ChangeSet: Sendable {
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
    /// `CREATE` or `UPDATE`
    let kind: String
    let description: String?
    let goal: StackDefinition
    let onFailure: StackOperation.OnFailure?
    var status: Status
    var statusReason: String?
    var executionStatus: ExecutionStatus
    /// Each as `DescribeChangeSet` tells it: JSON texts of the shape `Change`.
    var changes: [[UInt8]]
}

/// The form a change set has in the storage.
extension ChangeSet: InputShape, OutputShape {
    init(_ member: Members) throws {
        id = try member("id")
        name = try member("name")
        stackID = try member("stackID")
        created = try member("created")
        kind = try member("kind")
        description = try member("description")
        goal = try member("goal")
        onFailure = (try member("onFailure") as String?).flatMap(StackOperation.OnFailure.init(rawValue:))
        status = Status(rawValue: try member("status")) ?? .failed
        statusReason = try member("statusReason")
        executionStatus = ExecutionStatus(rawValue: try member("executionStatus")) ?? .unavailable
        changes = (try member("changes") as [JSONValue]).map { Array($0.rawBytes) }
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("name", name)
        json.member("stackID", stackID)
        json.member("created", created)
        json.member("kind", kind)
        json.member("description", description)
        json.member("goal", goal)
        json.member("onFailure", onFailure?.rawValue)
        json.member("status", status.rawValue)
        json.member("statusReason", statusReason)
        json.member("executionStatus", executionStatus.rawValue)
        json.member("changes") { json in
            json.array { json in for change in changes { json.raw(change) } }
        }
    }
}
