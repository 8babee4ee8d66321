import ServiceKit
import TemplateLanguage

/// Says how resources of a stack differ from what a definition wants them to be.
struct ResourceComparison: Sendable {
    private let evaluation: Evaluation
    private let secrets: HiddenValues
    private let changedParameters: Set<String>
    /// The metadata of the stack's template, by the names of the resources.
    private let metadata: [String: TemplateValue]

    init(_ stack: Stack, _ checked: StackRequest.Checked) {
        evaluation = checked.evaluation
        let (old, new) = (stack.definition.parameters, checked.definition.parameters)
        changedParameters = Set(new.keys.filter { old[$0] != new[$0] })
        let template = try? Template(stack.definition.template)
        metadata = Dictionary(
            (template?.resources ?? []).compactMap { resource in
                resource.metadata.map { (resource.logicalID, $0) }
            }, uniquingKeysWith: { $1 })
        secrets = HiddenValues(
            [(template?.parameters ?? [], old), (checked.template.parameters, new)])
    }

    func addition(of resource: TemplateResource, _ properties: TemplateMap) -> ResourceChange {
        var change = ResourceChange(.add, resource.logicalID, resource.type)
        change.after = context(properties, resource.deletionPolicy, resource.updateReplacePolicy)
        return change
    }

    func removal(of row: StackResource) -> ResourceChange {
        var change = ResourceChange(.remove, row.logicalID, row.type)
        change.physicalID = row.physicalID
        change.policyAction = row.state?.deletionPolicy ?? "Delete"
        change.before = row.state.map { context($0.properties, $0.deletionPolicy, $0.replacePolicy) }
        return change
    }

    /// `nil` where nothing differs.
    ///
    /// - Parameter changed: the resources before it that change.
    func modification(
        of state: StackResource.State, to resource: TemplateResource, _ properties: TemplateMap,
        _ changed: Set<String>
    ) -> ResourceChange? {
        let goal = ResourceGoal(resource, properties)
        var details = goal.change(from: state).names.flatMap { name in
            self.details(of: name, state, resource, properties, changed)
        }
        var policies: [(ResourceChange.Target.Attribute, TemplateValue?, TemplateValue?)] = [
            (.deletionPolicy, policy(state.deletionPolicy), policy(resource.deletionPolicy)),
            (.updateReplacePolicy, policy(state.replacePolicy), policy(resource.updateReplacePolicy)),
        ]
        policies.append((.metadata, metadata[resource.logicalID], resource.metadata))
        for (attribute, old, new) in policies where old != new {
            details.append(ResourceChange.Detail(target(attribute, nil, .never, old, new)))
        }
        guard !details.isEmpty else { return nil }
        var change = ResourceChange(.modify, resource.logicalID, resource.type)
        change.physicalID = state.physical.id
        change.details = details
        let effects = details.map(\.effect)
        change.replacement =
            effects.contains(.always) ? .always : effects.contains(.conditionally) ? .conditionally : .never
        if change.replacement == .always {
            change.policyAction = "ReplaceAnd" + (resource.updateReplacePolicy ?? "Delete")
        }
        change.before = context(state.properties, state.deletionPolicy, state.replacePolicy)
        change.after = context(properties, resource.deletionPolicy, resource.updateReplacePolicy)
        return change
    }

    private func policy(_ name: String?) -> TemplateValue? { name.map(TemplateValue.string) }

    // MARK: Properties

    private func details(
        of name: String, _ state: StackResource.State, _ resource: TemplateResource, _ properties: TemplateMap,
        _ changed: Set<String>
    ) -> [ResourceChange.Detail] {
        let schema = ResourceSchema.named(resource.type)
        let effect = schema?.replacement(for: name, from: state.properties, to: properties) ?? .never
        let attribute: ResourceChange.Target.Attribute = schema?.tagProperty == name ? .tags : .properties
        let target = target(attribute, name, effect, state.properties[name], properties[name])
        let isOpen = properties[name]?.isPartlyUnknown ?? false
        let causes = (resource.properties[name].map(evaluation.references) ?? []).compactMap { reference in
            cause(reference, changed).map { source in
                ResourceChange.Detail(
                    target, effect: effect, source: source,
                    cause: [reference.name, reference.attribute].compactMap { $0 }.joined(separator: "."),
                    isStatic: source == .parameterReference || source == .resourceReference && !isOpen)
            }
        }
        guard !causes.isEmpty else { return [ResourceChange.Detail(target, effect: effect)] }
        // Beside what a parameter does to it, the property itself may have been written anew.
        let direct = causes.contains { $0.source == .parameterReference }
        return (direct ? [ResourceChange.Detail(target, effect: effect, isStatic: false)] : []) + causes
    }

    private func cause(_ reference: TemplateReference, _ changed: Set<String>) -> ResourceChange.Source? {
        if reference.attribute != nil { return changed.contains(reference.name) ? .resourceAttribute : nil }
        if changedParameters.contains(reference.name) { return .parameterReference }
        return changed.contains(reference.name) ? .resourceReference : nil
    }

    private func target(
        _ attribute: ResourceChange.Target.Attribute, _ name: String?, _ effect: Replacement, _ old: TemplateValue?,
        _ new: TemplateValue?
    ) -> ResourceChange.Target {
        // A value that is not known yet needs another resource if it changes at all.
        let isOpen = new?.isPartlyUnknown ?? false
        return ResourceChange.Target(
            attribute: attribute, name: attribute == .properties ? name : nil,
            recreation: isOpen && effect == .conditionally ? .always : effect,
            path: name.map { "/Properties/\($0)" } ?? "/\(attribute.rawValue)",
            before: old.map(secrets.text), after: new.map(secrets.text))
    }

    /// `BeforeContext`, `AfterContext`: JSON text.
    private func context(_ properties: TemplateMap, _ deletion: String?, _ replace: String?) -> String {
        var context = TemplateMap([.init("Properties", .map(properties))])
        context["DeletionPolicy"] = policy(deletion)
        context["UpdateReplacePolicy"] = policy(replace)
        return secrets.text(.map(context))
    }
}

/// Values of parameters that are not to be shown, wherever they went.
struct HiddenValues: Sendable {
    private let values: [String]

    /// - Parameter parameters: what templates declare, and the values they have.
    init(_ parameters: [([TemplateParameter], [String: String])]) {
        let hidden = parameters.flatMap { declared, values in
            declared.filter(\.isHidden).compactMap { values[$0.name] }.filter { !$0.isEmpty }
        }
        // The longest first: one may be a part of another.
        values = Set(hidden).sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    init(of definitions: [StackDefinition]) {
        self.init(definitions.map { ((try? Template($0.template))?.parameters ?? [], $0.parameters) })
    }

    /// A string as it is, anything else as JSON; what is hidden as stars.
    func text(_ value: TemplateValue) -> String {
        let shown = values.isEmpty ? value : masked(value)
        return shown == .unknown ? TemplateValue.unknownText : shown.document
    }

    private func masked(_ value: TemplateValue) -> TemplateValue {
        switch value {
        case .string(let text), .number(let text):
            let masked = values.reduce(text) { $0.replacing($1, with: ShownParameter.hidden) }
            return masked == text ? value : .string(masked)
        case .list(let values): return .list(values.map(masked))
        case .map(let map): return .map(TemplateMap(map.entries.map { .init($0.name, masked($0.value)) }))
        case .null, .bool, .unknown: return value
        }
    }
}
