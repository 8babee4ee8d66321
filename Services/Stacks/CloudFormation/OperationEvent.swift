import ServiceKit

/// An event as `DescribeEvents` tells it: as a part of an operation.
struct OperationEvent: OutputShape {
    let stackID: String
    let event: StackEvent
    let operationKind: StackOperation.Kind?

    func write(to json: inout JSONWriter) {
        json.member("EventId", event.id)
        json.member("StackId", stackID)
        json.member("OperationId", event.operation)
        json.member("OperationType", operationKind?.rawValue)
        json.member("OperationStatus", isOfStack ? operationStatus : nil)
        json.member("EventType", eventType)
        json.member("LogicalResourceId", event.logicalID)
        json.member("PhysicalResourceId", event.physicalID)
        json.member("ResourceType", event.type)
        json.member("Timestamp", event.time)
        json.member("ResourceStatus", event.status)
        json.member("ResourceStatusReason", event.reason)
        json.member("ResourceProperties", event.properties)
        json.member("ClientRequestToken", event.clientToken)
    }

    private var isOfStack: Bool { event.type == StackEvent.stackType && event.physicalID == stackID }

    private var eventType: String {
        if isOfStack { return "STACK_EVENT" }
        return event.isFailure ? "PROVISIONING_ERROR" : "PROGRESS_EVENT"
    }

    private var operationStatus: String {
        if event.status.hasSuffix("_IN_PROGRESS") { return "IN_PROGRESS" }
        // What was taken back did not do what it was begun for, unless that was to take something back.
        let isTakenBack = event.status.contains("ROLLBACK") && (operationKind == .create || operationKind == .update)
        return event.isFailure || isTakenBack ? "FAILED" : "SUCCEEDED"
    }
}

/// The making of a change set, which is an operation of its own.
struct ChangeSetEvent: OutputShape {
    let set: ChangeSet

    func write(to json: inout JSONWriter) {
        let id = set.id.split(separator: "/").last.map(String.init)
        json.member("EventId", id)
        json.member("StackId", set.stackID)
        json.member("OperationId", id)
        json.member("OperationType", "CREATE_CHANGESET")
        json.member("OperationStatus", set.status == .failed ? "FAILED" : "SUCCEEDED")
        json.member("EventType", "STACK_EVENT")
        json.member("LogicalResourceId", ARN.stackName(in: set.stackID))
        json.member("PhysicalResourceId", set.stackID)
        json.member("ResourceType", StackEvent.stackType)
        json.member("Timestamp", set.created)
        json.member("ResourceStatusReason", set.statusReason)
    }
}

extension StackEvent {
    var isFailure: Bool { status.hasSuffix("_FAILED") }
}
