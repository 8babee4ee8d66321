import ServiceKit
import TemplateLanguage

/// A stack as `DescribeStacks` tells it.
struct StackDescription: OutputShape {
    let stack: Stack

    func write(to json: inout JSONWriter) {
        let definition = stack.definition
        json.member("StackId", stack.id)
        json.member("StackName", stack.name)
        json.member("ChangeSetId", stack.changeSetID)
        json.member("Description", stack.description)
        json.member("Parameters", definition.shownParameters)
        json.member("CreationTime", stack.created)
        json.member("DeletionTime", stack.deleted)
        json.member("LastUpdatedTime", stack.updated)
        json.member("RollbackConfiguration") { $0.object { _ in } }
        json.member("StackStatus", stack.status.rawValue)
        json.member("StackStatusReason", stack.statusReason)
        json.member("DisableRollback", stack.disablesRollback)
        json.member("NotificationARNs", definition.notificationARNs)
        json.member("TimeoutInMinutes", stack.timeoutMinutes)
        json.member("Capabilities", definition.capabilities.isEmpty ? nil : definition.capabilities)
        json.member("Outputs", stack.outputs.isEmpty ? nil : stack.outputs)
        json.member("RoleARN", definition.roleARN)
        json.member("Tags", definition.tags)
        json.member("EnableTerminationProtection", stack.isProtected)
        json.member("DriftInformation", StackDrift())
        json.member("LastOperations", stack.operation.map { [LastOperation(operation: $0)] })
    }

    private struct LastOperation: OutputShape {
        let operation: StackOperation

        func write(to json: inout JSONWriter) {
            json.member("OperationType", operation.kind.rawValue)
            json.member("OperationId", operation.id)
        }
    }
}

/// Nobody looks whether resources are still what their stack made them.
struct StackDrift: OutputShape {
    func write(to json: inout JSONWriter) { json.member("StackDriftStatus", "NOT_CHECKED") }
}

/// The same of a single resource.
struct ResourceDrift: OutputShape {
    func write(to json: inout JSONWriter) { json.member("StackResourceDriftStatus", "NOT_CHECKED") }
}

/// A parameter as it may be shown.
struct ShownParameter: OutputShape {
    static let hidden = "****"

    let key: String
    let value: String

    func write(to json: inout JSONWriter) {
        json.member("ParameterKey", key)
        json.member("ParameterValue", value)
    }
}

extension StackDefinition {
    /// In the template's order, hidden ones as stars; `nil` for none. A template that cannot be read hides all.
    var shownParameters: [ShownParameter]? {
        guard !parameters.isEmpty else { return nil }
        guard let declared = try? Template(template).parameters else {
            return parameters.keys.sorted().map { ShownParameter(key: $0, value: ShownParameter.hidden) }
        }
        return declared.compactMap { parameter in
            parameters[parameter.name].map {
                ShownParameter(key: parameter.name, value: parameter.isHidden ? ShownParameter.hidden : $0)
            }
        }
    }
}
