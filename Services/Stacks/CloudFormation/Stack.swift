import ServiceKit
import TemplateLanguage

/// A set of resources that live and die together, by one template.
struct Stack: Sendable {
    /// `arn:aws:cloudformation:us-east-1:000000000000:stack/name/uuid`
    let id: String
    let name: String
    let place: Place
    let created: Timestamp
    var status: StackStatus
    var statusReason: String?
    var updated: Timestamp?
    var deleted: Timestamp?
    /// As it is; during an update, as it was.
    var definition: StackDefinition
    var description: String?
    var outputs: [EvaluatedOutput] = []
    var disablesRollback = false
    var isProtected = false
    var timeoutMinutes: Int?
    /// JSON text.
    var policy: String?
    var changeSetID: String?
    /// The client's token of the request that made it.
    var creationToken: String?
    var operation: StackOperation?

    init(name: String, definition: StackDefinition, status: StackStatus, in call: Call) {
        place = Place(call)
        let path = "stack/\(name)/\(Identifier.uuid())"
        id = ARN("cloudformation", region: call.region, account: call.account, path).description
        (self.name, self.definition, self.status, created) = (name, definition, status, call.now)
    }

    /// Whether a failure left it as it was then: any definition is worth another try.
    var isHalfDone: Bool { status == .createFailed || status == .updateFailed }

    var pseudoParameters: PseudoParameters {
        PseudoParameters(
            accountID: place.account, region: place.region, stackID: id, stackName: name,
            notificationARNs: (operation?.goal ?? definition).notificationARNs)
    }
}

/// The form a stack has in the storage, beside its columns.
extension Stack {
    struct Form: InputShape, OutputShape {
        var stack: Stack

        init(_ stack: Stack) { self.stack = stack }

        init(_ member: Members) throws {
            let place = Place(account: try member("account"), region: try member("region"))
            stack = Stack(
                id: try member("id"), name: try member("name"), place: place, created: try member("created"),
                status: StackStatus(rawValue: try member("status")) ?? .deleteFailed,
                definition: try member("definition"))
            stack.statusReason = try member("statusReason")
            stack.updated = try member("updated")
            stack.deleted = try member("deleted")
            stack.description = try member("description")
            stack.outputs = try member("outputs")
            stack.disablesRollback = try member("disablesRollback")
            stack.isProtected = try member("isProtected")
            stack.timeoutMinutes = try member("timeoutMinutes")
            stack.policy = try member("policy")
            stack.changeSetID = try member("changeSetID")
            stack.creationToken = try member("creationToken")
            stack.operation = try member("operation")
        }

        func write(to json: inout JSONWriter) {
            json.member("id", stack.id)
            json.member("name", stack.name)
            json.member("account", stack.place.account)
            json.member("region", stack.place.region)
            json.member("created", stack.created)
            json.member("status", stack.status.rawValue)
            json.member("statusReason", stack.statusReason)
            json.member("updated", stack.updated)
            json.member("deleted", stack.deleted)
            json.member("definition", stack.definition)
            json.member("description", stack.description)
            json.member("outputs", stack.outputs)
            json.member("disablesRollback", stack.disablesRollback)
            json.member("isProtected", stack.isProtected)
            json.member("timeoutMinutes", stack.timeoutMinutes)
            json.member("policy", stack.policy)
            json.member("changeSetID", stack.changeSetID)
            json.member("creationToken", stack.creationToken)
            json.member("operation", stack.operation)
        }
    }

    private init(
        id: String, name: String, place: Place, created: Timestamp, status: StackStatus, definition: StackDefinition
    ) {
        (self.id, self.name, self.place, self.created) = (id, name, place, created)
        (self.status, self.definition) = (status, definition)
    }
}

/// The form an output has in the storage and in answers.
extension EvaluatedOutput: InputShape, OutputShape {
    public init(_ member: Members) throws {
        self.init(
            name: try member("OutputKey"), value: try member("OutputValue"), description: try member("Description"),
            exportName: try member("ExportName"))
    }

    public func write(to json: inout JSONWriter) {
        json.member("OutputKey", name)
        json.member("OutputValue", value)
        json.member("Description", description)
        json.member("ExportName", exportName)
    }
}
