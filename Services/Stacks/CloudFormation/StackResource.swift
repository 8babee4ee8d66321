import ServiceKit
import TemplateLanguage

/// A resource of a stack: what is known of it, and what is being done to it.
struct StackResource: Sendable {
    let logicalID: String
    var type: String
    var status: ResourceStatus
    var reason: String?
    var changed: Timestamp
    /// What it is; nothing while it is made for the first time.
    var state: State?
    /// What it was before the stack's operation that is under way, where that has touched it.
    var former: Former?
    /// What is deleted once the operation has succeeded, or has been taken back.
    var doomed: State?
    var attempt: Attempt?
    /// The operation the status belongs to.
    var operation: String

    /// A resource that exists, and the properties it was last given.
    struct State: Sendable {
        var type: String
        var physical: PhysicalResource
        var properties: TemplateMap
        /// Logical IDs of what it needs.
        var dependencies: [String]
        var deletionPolicy: String?
        var replacePolicy: String?
    }

    enum Former: Sendable {
        case absent
        case present(State)
    }

    /// One creation: begun again after a crash with the same names.
    struct Attempt: Sendable {
        let suffix: String
        /// The physical ID it is going to have, where that is known before.
        var plannedID: String?
        /// Whether the service was called.
        var isStarted = false
        /// What it is to be.
        let properties: TemplateMap
    }

    init(_ logicalID: String, _ type: String, _ status: ResourceStatus, of operation: String, at now: Timestamp) {
        (self.logicalID, self.type, self.status) = (logicalID, type, status)
        (self.operation, changed) = (operation, now)
    }

    var physicalID: String? { state?.physical.id ?? attempt?.plannedID }
}
