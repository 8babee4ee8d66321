/// Looks for what is wrong with a template whatever its parameters will be: functions of the wrong form, names of what
/// is nowhere, circles.
struct TemplateChecker {
    private let template: Template
    private let parameters: Set<String>
    private let resources: Set<String>

    init(_ template: Template) {
        self.template = template
        parameters = Set(template.parameters.map(\.name)).union(PseudoParameters.names)
        resources = Set(template.resources.map(\.logicalID))
    }

    func check() throws(TemplateError) {
        let common = template.resources.map(\.logicalID).filter(parameters.contains)
        guard common.isEmpty else {
            throw .function(
                "all resources and parameters must have unique names. Common name(s):[\(common.joined(separator: ", "))]"
            )
        }
        try checkConditions()
        for resource in template.resources { try check(resource) }
        for output in template.outputs { try check(output) }
        try checkDependencies()
    }

    private func checkConditions() throws(TemplateError) {
        for condition in template.conditions.entries {
            guard condition.value.map != nil || condition.value.boolean != nil else {
                throw .format("Conditions can only be boolean operations on parameters and other conditions")
            }
            try checkFunctions(in: condition.value, amongConditions: true)
            let found = References(in: [condition.value], amongConditions: true)
            let unknown = found.resources.subtracting(parameters).sorted()
            guard unknown.isEmpty else {
                throw .format(
                    "Unresolved dependencies [\(unknown.joined(separator: ", "))]. Cannot reference resources in the "
                        + "Conditions block of the template")
            }
            let missing = found.conditions.filter { template.conditions[$0] == nil }
            guard missing.isEmpty else {
                throw .format(
                    "Unresolved condition dependencies [\(missing.joined(separator: ", "))] in the Conditions block of "
                        + "the template")
            }
            try checkMappings(found)
        }
    }

    private func check(_ resource: TemplateResource) throws(TemplateError) {
        try checkCondition(resource.condition)
        let values = resource.evaluated.map(\.value) + resource.policyFunctions.entries.map(\.value)
        for value in values { try checkFunctions(in: value) }
        try check(References(in: values), and: resource.explicitDependencies, in: "Resources")
    }

    private func check(_ output: TemplateOutput) throws(TemplateError) {
        try checkCondition(output.condition)
        let values = [output.value, output.exportName].compactMap { $0 }
        for value in values { try checkFunctions(in: value) }
        switch output.value {
        case .list: throw .format("The Value field of every Outputs member must evaluate to a String and not a List.")
        case .map(let map) where FunctionCall(map) == nil:
            throw .format("The Value field of every Outputs member must evaluate to a String and not a Map.")
        case .null, .bool, .number, .string, .map, .unknown: break
        }
        try check(References(in: values), and: [], in: "Outputs")
    }

    private func checkCondition(_ name: String?) throws(TemplateError) {
        guard let name, template.conditions[name] == nil else { return }
        throw .format("Condition \(name)  is not defined.")
    }

    private func check(
        _ found: References, and explicit: [String], in block: String
    ) throws(TemplateError) {
        let unknown = (found.names + found.variables).filter { !parameters.contains($0) && !resources.contains($0) }
        let missing = Set(unknown + explicit.filter { !resources.contains($0) }).sorted()
        guard missing.isEmpty else { throw .unresolved(missing, in: block) }
        if let name = found.attributes.first(where: { !resources.contains($0) }) {
            throw .function("instance of Fn::GetAtt references undefined resource \(name)")
        }
        if let name = found.attributeVariables.first(where: { !resources.contains(References.resource(of: $0)) }) {
            throw .function("instance of Fn::Sub references invalid resource attribute \(name)")
        }
        if let name = found.conditions.first(where: { template.conditions[$0] == nil }) {
            throw .function("unresolved condition dependency \(name) in Fn::If")
        }
        try checkMappings(found)
    }

    private func checkMappings(_ found: References) throws(TemplateError) {
        if let name = found.mappings.first(where: { template.mappings[$0] == nil }) {
            throw .function("Mapping named '\(name)' is not present in the 'Mappings' section of template.")
        }
    }

    /// Circles that are there whatever the conditions are.
    private func checkDependencies() throws(TemplateError) {
        let always = template.resources.filter { $0.condition == nil }
        var dependencies: [String: Set<String>] = [:]
        for resource in always {
            let found = References(in: resource.evaluated.map(\.value), outsideOfChoices: true).resources
            dependencies[resource.logicalID] = found.union(resource.explicitDependencies)
        }
        try DependencyOrder.check(always.map(\.logicalID), dependencies)
    }

    private func checkFunctions(in value: TemplateValue, amongConditions: Bool = false) throws(TemplateError) {
        switch value {
        case .list(let values):
            for value in values { try checkFunctions(in: value, amongConditions: amongConditions) }
        case .map(let map):
            let call = amongConditions ? FunctionCall(condition: map) : FunctionCall(map)
            try call?.check(extensions: template.hasLanguageExtensions)
            for entry in map.entries { try checkFunctions(in: entry.value, amongConditions: amongConditions) }
        case .null, .bool, .number, .string, .unknown: break
        }
    }
}
