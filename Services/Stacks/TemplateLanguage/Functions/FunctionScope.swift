/// What functions know of the template they stand in.
struct FunctionScope: Sendable {
    let parameters: [String: TemplateParameter]
    let values: [String: String]
    let mappings: TemplateMap
    let hasLanguageExtensions: Bool
    var conditions: [String: Bool] = [:]
    /// Values of SSM parameters, by the names parameters give.
    var stored: [String: String] = [:]
    /// `nil` before a stack is there.
    let pseudo: PseudoParameters?

    init(
        _ parameters: [TemplateParameter], _ values: [String: String], mappings: TemplateMap, extensions: Bool,
        _ pseudo: PseudoParameters?
    ) {
        self.parameters = Dictionary(parameters.map { ($0.name, $0) }) { $1 }
        self.values = values
        self.mappings = mappings
        hasLanguageExtensions = extensions
        self.pseudo = pseudo
    }

    /// What `Ref` gives of a parameter; `nil` where there is none of that name.
    func value(ofParameter name: String) -> TemplateValue? {
        guard let parameter = parameters[name] else { return nil }
        guard var text = values[name] else { return .unknown }
        if parameter.isStoredElsewhere {
            guard let value = stored[text] else { return .unknown }
            text = value
        }
        return parameter.isList ? .list(parameter.elements(of: text).map { .string($0) }) : .string(text)
    }
}
