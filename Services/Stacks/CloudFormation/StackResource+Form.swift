import ServiceKit
import TemplateLanguage

/// The form a resource has in the storage.
extension StackResource: InputShape, OutputShape {
    init(_ member: Members) throws {
        logicalID = try member("logicalID")
        type = try member("type")
        status = ResourceStatus(rawValue: try member("status")) ?? .deleteFailed
        reason = try member("reason")
        changed = try member("changed")
        state = try member("state")
        let isNew: Bool = try member("isNew") ?? false
        let former: State? = try member("former")
        self.former = isNew ? .absent : former.map(Former.present)
        doomed = try member("doomed")
        attempt = try member("attempt")
        operation = try member("operation")
    }

    func write(to json: inout JSONWriter) {
        json.member("logicalID", logicalID)
        json.member("type", type)
        json.member("status", status.rawValue)
        json.member("reason", reason)
        json.member("changed", changed)
        json.member("state", state)
        switch former {
        case .absent: json.member("isNew", true)
        case .present(let state): json.member("former", state)
        case nil: break
        }
        json.member("doomed", doomed)
        json.member("attempt", attempt)
        json.member("operation", operation)
    }
}

extension StackResource.State: InputShape, OutputShape {
    init(_ member: Members) throws {
        type = try member("type")
        physical = try member("physical")
        properties = try member("properties")
        dependencies = try member("dependencies")
        deletionPolicy = try member("deletionPolicy")
        replacePolicy = try member("replacePolicy")
    }

    func write(to json: inout JSONWriter) {
        json.member("type", type)
        json.member("physical", physical)
        json.member("properties", properties)
        json.member("dependencies", dependencies)
        json.member("deletionPolicy", deletionPolicy)
        json.member("replacePolicy", replacePolicy)
    }
}

extension StackResource.Attempt: InputShape, OutputShape {
    init(_ member: Members) throws {
        suffix = try member("suffix")
        plannedID = try member("plannedID")
        isStarted = try member("isStarted")
        properties = try member("properties")
    }

    func write(to json: inout JSONWriter) {
        json.member("suffix", suffix)
        json.member("plannedID", plannedID)
        json.member("isStarted", isStarted)
        json.member("properties", properties)
    }
}

extension PhysicalResource: InputShape, OutputShape {
    init(_ member: Members) throws {
        self.init(
            try member("id"), reference: try member("reference"), attributes: try member("attributes"),
            note: try member("note"))
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("reference", reference)
        json.member("attributes", attributes)
        json.member("note", note)
    }
}
