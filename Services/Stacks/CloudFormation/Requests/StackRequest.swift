import ServiceKit
import TemplateLanguage

/// What the requests that give a stack a template have in common.
struct StackRequest: Sendable {
    let source: TemplateSource
    let usesPreviousTemplate: Bool
    let parameters: [GivenParameter]
    let capabilities: [String]
    let resourceTypes: [String]?
    let roleARN: String?
    let tags: [Tag]?
    let notificationARNs: [String]?
    private let alarms: [JSONValue]

    /// - Parameter isNew: whether the request is about a stack that cannot have a template yet.
    init(_ member: Members, isNew: Bool = false) throws {
        source = try TemplateSource(member)
        usesPreviousTemplate = isNew ? false : try member("UsePreviousTemplate") ?? false
        parameters = (try member("Parameters") as [ParameterInput]?)?.map(\.given) ?? []
        capabilities = try member("Capabilities") ?? []
        resourceTypes = try member("ResourceTypes")
        roleARN = try member("RoleARN")
        tags = try member("Tags")
        notificationARNs = try member("NotificationARNs")
        let rollback: RollbackInput? = try member("RollbackConfiguration")
        alarms = rollback?.triggers ?? []
    }

    /// What policies can ask of the request.
    var conditions: [String: [String]] {
        var conditions: [String: [String]] = [:]
        if let url = source.url { conditions["cloudformation:TemplateUrl"] = [url] }
        if let roleARN { conditions["cloudformation:RoleArn"] = [roleARN] }
        if let resourceTypes { conditions["cloudformation:ResourceTypes"] = resourceTypes }
        guard let tags, !tags.isEmpty else { return conditions }
        for tag in tags { conditions["aws:RequestTag/\(tag.key)"] = [tag.value] }
        conditions["aws:TagKeys"] = tags.map(\.key)
        return conditions
    }

    /// What the caller must be allowed beside the action itself: to hand the role on.
    func permissions(in call: Call) -> [Permission] { roleARN.map { [Permission(passing: $0)] } ?? [] }

    /// A definition whose template can be carried out here.
    struct Checked: Sendable {
        let definition: StackDefinition
        let evaluation: Evaluation
        var template: Template { evaluation.template }
    }

    /// - Parameters:
    ///   - stack: the one that is to change, or a new one.
    ///   - isNew: whether it has no definition yet.
    ///   - expandsMacros: whether transforms need no acknowledgement, as in change sets.
    /// - Throws: `ValidationError`, `InsufficientCapabilitiesException`
    func checked(
        for stack: Stack, isNew: Bool, expandsMacros: Bool = false, in call: Call, _ client: ServiceClient
    ) async throws -> Checked {
        try checkWhatIsNotHere()
        let text = try await text(for: stack, isNew: isNew, in: call, client)
        do {
            let template = try Template(text)
            try Capabilities(template).check(capabilities, expandsMacros: expandsMacros)
            try check(template)
            let previous = isNew ? [:] : stack.definition.parameters
            let values = try template.parameterValues(parameters, previous: previous)
            var pseudo = stack.pseudoParameters
            let arns = notificationARNs ?? stack.definition.notificationARNs
            pseudo.notificationARNs = arns
            let evaluation = try Evaluation(template, parameters: values, pseudo: pseudo)
            let definition = StackDefinition(
                template: text, parameters: values, tags: tags ?? stack.definition.tags, capabilities: capabilities,
                notificationARNs: arns, roleARN: roleARN ?? stack.definition.roleARN)
            try StackTags.check(definition.tags)
            return Checked(definition: definition, evaluation: evaluation)
        } catch let error as TemplateError {
            throw ServiceError(error)
        }
    }

    private func text(
        for stack: Stack, isNew: Bool, in call: Call, _ client: ServiceClient
    ) async throws -> String {
        guard usesPreviousTemplate else { return try await source.text(in: call, client) }
        guard !isNew else {
            throw ServiceError.validation("UsePreviousTemplate can not be used for a stack that is to be created.")
        }
        guard !source.isGiven else {
            throw ServiceError.validation("UsePreviousTemplate can not be used together with a template.")
        }
        return stack.definition.template
    }

    /// Said plainly rather than ignored.
    private func checkWhatIsNotHere() throws(ServiceError) {
        guard notificationARNs?.isEmpty ?? true else {
            throw .validation("NotificationARNs is not available here: ask for the events of the stack.")
        }
        guard alarms.isEmpty else { throw .validation("RollbackTriggers are not available here: there are no alarms.") }
    }

    private func check(_ template: Template) throws(ServiceError) {
        let missing = template.transforms.filter { $0 != Template.languageExtensions }
        if let name = missing.first { throw .validation("No transform named \(name) found.") }
        guard template.unknownTypes.isEmpty else { throw .unknownTypes(template.unknownTypes) }
        guard let resourceTypes else { return }
        let forbidden = template.resources.map(\.type).first { type in
            !resourceTypes.contains { Self.covers($0, type) }
        }
        if let forbidden {
            throw .validation("Resource type \(forbidden) is not allowed by parameter ResourceTypes")
        }
    }

    /// `AWS::*`, `AWS::DAX::*`, `AWS::DAX::Cluster`
    private static func covers(_ pattern: String, _ type: String) -> Bool {
        pattern.hasSuffix("*") ? type.hasPrefix(pattern.dropLast()) : pattern == type
    }
}

/// `Parameter`
private struct ParameterInput: InputShape {
    let given: GivenParameter

    init(_ member: Members) throws {
        given = GivenParameter(
            try member("ParameterKey") ?? "", try member("ParameterValue"),
            usesPrevious: try member("UsePreviousValue") ?? false)
    }
}

/// `RollbackConfiguration`
private struct RollbackInput: InputShape {
    let triggers: [JSONValue]

    init(_ member: Members) throws { triggers = try member("RollbackTriggers") ?? [] }
}
