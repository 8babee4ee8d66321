import ServiceKit
import TemplateLanguage

/// What CloudFormation answers when it refuses.
extension ServiceError {
    static func validation(_ message: String) -> ServiceError { ServiceError("ValidationError", message) }

    init(_ error: TemplateError) { self = .validation(error.message) }

    static func stackMissing(_ name: String) -> ServiceError {
        .validation("Stack with id \(name) does not exist")
    }

    static func stackNameMissing(_ name: String) -> ServiceError { .validation("Stack [\(name)] does not exist") }

    static func stackExists(_ name: String) -> ServiceError {
        ServiceError("AlreadyExistsException", "Stack [\(name)] already exists")
    }

    /// - Parameter action: what cannot be done: `updated`.
    static func stackState(_ stack: Stack, action: String) -> ServiceError {
        .validation("Stack:\(stack.id) is in \(stack.status.rawValue) state and can not be \(action).")
    }

    static func insufficientCapabilities(_ wanted: String) -> ServiceError {
        ServiceError("InsufficientCapabilitiesException", "Requires capabilities : [\(wanted)]")
    }

    static func changeSetMissing(_ name: String) -> ServiceError {
        ServiceError("ChangeSetNotFound", "ChangeSet [\(name)] does not exist", status: 404)
    }

    /// - Parameters:
    ///   - action: what cannot be done: `executed`.
    ///   - name: which status keeps it from that: `status`, `execution status`.
    static func changeSetState(
        _ set: ChangeSet, _ action: String, _ name: String, _ status: String
    ) -> ServiceError {
        ServiceError(
            "InvalidChangeSetStatus", "ChangeSet [\(set.id)] cannot be \(action) in its current \(name) of [\(status)]")
    }

    static func tooManyChangeSets(_ limit: Int) -> ServiceError {
        ServiceError("LimitExceededException", "A stack can have at most \(limit) change sets.")
    }

    static func changeSetExists(_ name: String) -> ServiceError {
        ServiceError("AlreadyExistsException", "ChangeSet \(name) already exists")
    }

    static func resourceMissing(_ logicalID: String, in stack: Stack) -> ServiceError {
        .validation("Resource \(logicalID) does not exist for stack \(stack.name)")
    }

    static func unknownTypes(_ types: [String]) -> ServiceError {
        .validation("Template format error: Unrecognized resource types: [\(types.joined(separator: ", "))]")
    }

    static let invalidToken = ServiceError.validation("The NextToken is not valid.")

    static let noUpdates = ServiceError.validation("No updates are to be performed.")
}
