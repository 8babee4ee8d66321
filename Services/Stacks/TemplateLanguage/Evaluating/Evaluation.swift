/// A template with its parameters: conditions are decided, functions can be evaluated.
public struct Evaluation: Sendable {
    /// With loops over parameters written out.
    public let template: Template
    public let conditions: [String: Bool]
    /// The resources whose conditions hold; dependencies name only these.
    public let resources: [TemplateResource]
    private let scope: FunctionScope
    private let resourceNames: Set<String>

    /// - Parameters:
    ///   - parameters: what `Template.parameterValues` gave.
    ///   - stored: values of SSM parameters by their names.
    /// - Throws: `TemplateError`, also for references to what is nowhere, for resources that depend on each other in a
    ///   circle, and for rules that do not hold.
    public init(
        _ template: Template, parameters: [String: String], pseudo: PseudoParameters, stored: [String: String] = [:]
    ) throws(TemplateError) {
        let template = try template.expanded(for: parameters, pseudo)
        var scope = FunctionScope(
            template.parameters, parameters, mappings: template.mappings, extensions: template.hasLanguageExtensions,
            pseudo)
        scope.stored = stored
        try RuleEvaluator.check(template.rules, in: scope)
        conditions = try ConditionEvaluator.decide(template.conditions, in: scope)
        scope.conditions = conditions
        var reader = PresentResources(template, scope)
        resources = try reader.resources()
        resourceNames = Set(resources.map(\.logicalID))
        self.template = template
        self.scope = scope
        try checkOutputs()
    }

    /// A resource's properties, with nothing left to evaluate but what is `unknown`.
    public func properties(
        of resource: TemplateResource, in surroundings: any TemplateSurroundings
    ) throws(TemplateError) -> TemplateMap {
        var functions = FunctionEvaluator(scope, surroundings)
        return try functions.evaluate(resource.properties)
    }

    /// Any other value of the template, evaluated; `nil` where it is `AWS::NoValue`.
    public func value(
        of value: TemplateValue, in surroundings: any TemplateSurroundings
    ) throws(TemplateError) -> TemplateValue? {
        var functions = FunctionEvaluator(scope, surroundings)
        return try functions.evaluate(value)
    }

    /// The outputs whose conditions hold.
    public func outputs(in surroundings: any TemplateSurroundings) throws(TemplateError) -> [EvaluatedOutput] {
        var outputs: [EvaluatedOutput] = []
        for output in presentOutputs {
            let value = try text(of: output.value, in: surroundings)
            let name = try output.exportName.map { (name) throws(TemplateError) in try text(of: name, in: surroundings)
            }
            outputs.append(
                EvaluatedOutput(name: output.name, value: value, description: output.description, exportName: name))
        }
        return outputs
    }

    private var presentOutputs: [TemplateOutput] {
        template.outputs.filter { $0.condition.map { conditions[$0] ?? false } ?? true }
    }

    private func text(
        of value: TemplateValue, in surroundings: any TemplateSurroundings
    ) throws(TemplateError) -> String {
        let value = try self.value(of: value, in: surroundings)
        if case .unknown = value { return TemplateValue.unknownText }
        guard let text = value?.text else {
            throw .format("The Value field of every Outputs member must evaluate to a String.")
        }
        return text
    }

    private func checkOutputs() throws(TemplateError) {
        let all = Set(template.resources.map(\.logicalID))
        for output in presentOutputs {
            let values = [output.value, output.exportName].compactMap { $0 }
            let absent = References(in: values, decided: conditions).resources.intersection(all).subtracting(
                resourceNames)
            guard absent.isEmpty else {
                throw TemplateError(
                    "Unresolved resource dependencies [\(absent.sorted().joined(separator: ", "))] in the Outputs block "
                        + "of the template")
            }
        }
    }
}
