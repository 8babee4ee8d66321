import ServiceKit

/// A change set by its ID, or by its name and its stack's.
struct ChangeSetReference: InputShape {
    let name: String
    let stackName: String?

    init(_ member: Members) throws {
        name = try member("ChangeSetName")
        stackName = try member("StackName")
    }
}

extension StackStore {
    /// The permission on the stack that a change set is of.
    func permission(onChangeSet name: String, of stackName: String?, in call: Call) async throws -> Permission {
        let context = ["cloudformation:ChangeSetName": [name]]
        if let stackName { return try await permission(on: stackName, in: call, context: context) }
        if let set = try await read({ try $0.changeSet(name, of: nil) }) {
            return try await permission(on: set.stackID, in: call, context: context)
        }
        let all = ARN("cloudformation", region: call.region, account: call.account, "stack/*/*")
        return Permission(on: all, context: context)
    }
}

extension StackSnapshot {
    /// - Parameter stackName: not needed for a change set's ID.
    /// - Throws: `ValidationError` for a stack that is not there, `ChangeSetNotFound`.
    func requiredChangeSet(_ name: String, of stackName: String?, at place: Place) throws -> (ChangeSet, Stack) {
        let named = try stackName.map { try namedStack($0, at: place) }
        guard named != nil || name.hasPrefix("arn:") else {
            throw ServiceError.validation(
                "StackName must be specified if ChangeSetName is not specified as an ARN.")
        }
        guard let set = try changeSet(name, of: named?.id), named == nil || named?.id == set.stackID,
            let stack = try named ?? stack(set.stackID, at: place)
        else { throw ServiceError.changeSetMissing(name) }
        return (set, stack)
    }
}
