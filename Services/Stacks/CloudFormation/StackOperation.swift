import ServiceKit

/// What is being done to a stack. Kept with the stack: after a crash it goes on where it was.
struct StackOperation: InputShape, OutputShape {
    enum Phase: String, Sendable {
        /// Resources are made and changed as the goal says.
        case applying
        /// What was applied is taken back.
        case reverting
        /// What no template has any longer is deleted.
        case cleaning
        /// Everything is deleted.
        case deleting
    }

    enum Kind: String, Sendable {
        case create = "CREATE_STACK"
        case update = "UPDATE_STACK"
        case delete = "DELETE_STACK"
        case rollback = "ROLLBACK"
        case continueRollback = "CONTINUE_ROLLBACK"
    }

    enum OnFailure: String, Sendable {
        case nothing = "DO_NOTHING"
        case rollback = "ROLLBACK"
        case delete = "DELETE"
    }

    let id: String
    let kind: Kind
    var phase: Phase
    /// What the stack is to be.
    let goal: StackDefinition
    let onFailure: OnFailure
    let clientToken: String?
    /// Whose permissions count where the stack has no role.
    let caller: Caller
    /// Scheme, host and port the client used: addresses in answers begin with it.
    let endpoint: String
    let begun: Timestamp
    var deadline: Timestamp?
    /// Resources that stay when the stack is deleted, or that a rollback leaves as they are.
    var skipped: Set<String> = []
    /// Resources that a failed creation made go even if they are to be retained.
    var retainsExceptOnCreate = false
    /// Somebody wants the update taken back.
    var isCancelled = false
    var changeSetID: String?

    init(
        _ kind: Kind, phase: Phase, goal: StackDefinition, onFailure: OnFailure = .rollback, clientToken: String?,
        in call: Call
    ) {
        id = Identifier.uuid()
        (self.kind, self.phase, self.goal, self.onFailure) = (kind, phase, goal, onFailure)
        (self.clientToken, caller, begun) = (clientToken, call.caller, call.now)
        endpoint = call.source.endpoint
    }
}

/// The form an operation has in the storage.
extension StackOperation {
    init(_ member: Members) throws {
        id = try member("id")
        kind = Kind(rawValue: try member("kind")) ?? .update
        phase = Phase(rawValue: try member("phase")) ?? .applying
        goal = try member("goal")
        onFailure = OnFailure(rawValue: try member("onFailure")) ?? .rollback
        clientToken = try member("clientToken")
        caller = try member("caller")
        endpoint = try member("endpoint")
        begun = try member("begun")
        deadline = try member("deadline")
        skipped = Set(try member("skipped") as [String])
        retainsExceptOnCreate = try member("retainsExceptOnCreate")
        isCancelled = try member("isCancelled")
        changeSetID = try member("changeSetID")
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("kind", kind.rawValue)
        json.member("phase", phase.rawValue)
        json.member("goal", goal)
        json.member("onFailure", onFailure.rawValue)
        json.member("clientToken", clientToken)
        json.member("caller", caller)
        json.member("endpoint", endpoint)
        json.member("begun", begun)
        json.member("deadline", deadline)
        json.member("skipped", skipped.sorted())
        json.member("retainsExceptOnCreate", retainsExceptOnCreate)
        json.member("isCancelled", isCancelled)
        json.member("changeSetID", changeSetID)
    }
}
