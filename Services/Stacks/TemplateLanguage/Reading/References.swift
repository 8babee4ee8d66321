/// What functions of a value name: parameters and resources, attributes, conditions, mappings.
struct References {
    /// By `Ref`, in the order they stand.
    private(set) var names: [String] = []
    /// By `${name}`.
    private(set) var variables: [String] = []
    /// By `Fn::GetAtt`.
    private(set) var attributes: [String] = []
    /// By `Fn::GetAtt`, with the attribute where that is written out: `name.attribute`.
    private(set) var attributePaths: [String] = []
    /// By `${name.attribute}`, as they were written.
    private(set) var attributeVariables: [String] = []
    /// By `Fn::If` and `Condition`.
    private(set) var conditions: [String] = []
    private(set) var mappings: [String] = []
    private let decided: [String: Bool]
    private let isAmongConditions: Bool
    private let isOutsideOfChoices: Bool

    /// - Parameters:
    ///   - decided: conditions; branches of `Fn::If` not taken are left out, those of other conditions are not.
    ///   - amongConditions: whether `Condition` is a function.
    ///   - outsideOfChoices: leaves out both branches of every `Fn::If`.
    init(
        in values: [TemplateValue], decided: [String: Bool] = [:], amongConditions: Bool = false,
        outsideOfChoices: Bool = false
    ) {
        (self.decided, isAmongConditions, isOutsideOfChoices) = (decided, amongConditions, outsideOfChoices)
        for value in values { visit(value) }
    }

    /// All that may be resources; parameters are among them.
    var resources: Set<String> {
        Set(names + variables + attributes + attributeVariables.map(Self.resource))
    }

    /// The part before the first dot.
    static func resource(of variable: String) -> String {
        String(variable.prefix { $0 != "." })
    }

    private mutating func visit(_ value: TemplateValue) {
        switch value {
        case .list(let values): for value in values { visit(value) }
        case .map(let map):
            guard let call = isAmongConditions ? FunctionCall(condition: map) : FunctionCall(map) else {
                for entry in map.entries { visit(entry.value) }
                return
            }
            visit(call)
        case .null, .bool, .number, .string, .unknown: break
        }
    }

    private mutating func visit(_ call: FunctionCall) {
        switch (call.name, call.argument) {
        case ("Ref", .string(let name)): names.append(name)
        case ("Condition", .string(let name)): conditions.append(name)
        case ("Fn::GetAtt", .list(let parts)):
            if let name = parts.first?.string {
                attributes.append(name)
                attributePaths.append(parts.compactMap(\.string).joined(separator: "."))
            }
            for part in parts.dropFirst() { visit(part) }
        case ("Fn::GetAtt", .string(let text)):
            attributes.append(Self.resource(of: text))
            attributePaths.append(text)
        case ("Fn::Sub", .string(let text)): visit(text, given: TemplateMap())
        case ("Fn::Sub", .list(let parts)):
            let given = parts.dropFirst().first?.map ?? TemplateMap()
            if let text = parts.first?.string { visit(text, given: given) }
            for entry in given.entries { visit(entry.value) }
        case ("Fn::If", .list(let parts)) where parts.count == 3: visitBranches(parts)
        case ("Fn::FindInMap", .list(let parts)):
            if let name = parts.first?.string, !hasDefault(parts) { mappings.append(name) }
            for part in parts { visit(part) }
        default: visit(call.argument)
        }
    }

    private func hasDefault(_ parts: [TemplateValue]) -> Bool { parts.last?.map?["DefaultValue"] != nil }

    private mutating func visitBranches(_ parts: [TemplateValue]) {
        guard let name = parts[0].string else { return visit(.list(parts)) }
        conditions.append(name)
        if isOutsideOfChoices { return }
        let taken = decided[name]
        if taken != false { visit(parts[1]) }
        if taken != true { visit(parts[2]) }
    }

    private mutating func visit(_ text: String, given: TemplateMap) {
        for case .variable(let name) in SubstitutionText(text).parts where given[name] == nil {
            if name.contains(".") { attributeVariables.append(name) } else { variables.append(name) }
        }
    }
}
