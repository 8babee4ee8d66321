extension FunctionEvaluator {
    mutating func reference(_ argument: TemplateValue) throws(TemplateError) -> TemplateValue? {
        guard let name = try evaluate(argument)?.text else { throw .ref }
        return try reference(to: name)
    }

    /// `nil` for `AWS::NoValue`.
    private func reference(to name: String) throws(TemplateError) -> TemplateValue? {
        if name == "AWS::NoValue" { return nil }
        if PseudoParameters.names.contains(name) { return scope.pseudo.map { $0.value(name) } ?? .unknown }
        return scope.value(ofParameter: name) ?? surroundings.reference(to: name)
    }

    mutating func attribute(_ argument: TemplateValue) throws(TemplateError) -> TemplateValue? {
        if let text = argument.string { return try attribute(named: text) }
        guard let parts = argument.list, parts.count == 2 else { throw .getAtt }
        let (resource, name) = (try text(parts[0], or: .getAtt), try text(parts[1], or: .getAtt))
        guard let resource = resource.string, let name = name.string else { return .unknown }
        return try attribute(name, of: resource)
    }

    /// `Resource.Attribute.Of.It`
    private func attribute(named text: String) throws(TemplateError) -> TemplateValue {
        guard let dot = text.firstIndex(of: ".") else { throw .getAtt }
        return try attribute(String(text[text.index(after: dot)...]), of: String(text[..<dot]))
    }

    private func attribute(_ name: String, of resource: String) throws(TemplateError) -> TemplateValue {
        guard let value = surroundings.attribute(name, of: resource) else { throw .noAttribute(name, of: resource) }
        return value
    }

    mutating func substitution(_ argument: TemplateValue) throws(TemplateError) -> TemplateValue? {
        let parts = argument.list ?? [argument]
        let given = parts.count == 2 ? parts[1].map ?? TemplateMap() : TemplateMap()
        var result = ""
        var isUnknown = false
        // Once each: what is given may name more that is given, and so on.
        var known: [String: TemplateValue] = [:]
        for part in SubstitutionText(parts[0].string ?? "").parts {
            switch part {
            case .text(let text): result += text
            case .variable(let name):
                let value = if let value = known[name] { value } else { try variable(name, given) }
                known[name] = value
                switch value {
                case .string(let text): result += text
                default: isUnknown = true
                }
            }
        }
        return isUnknown ? .unknown : .string(result)
    }

    private mutating func variable(_ name: String, _ given: TemplateMap) throws(TemplateError) -> TemplateValue {
        let value: TemplateValue?
        if let own = given[name] {
            value = try evaluate(own)
        } else if name.contains(".") {
            value = try attribute(named: name)
        } else {
            value = try reference(to: name)
        }
        if case .unknown = value { return .unknown }
        guard let text = value?.text else {
            throw .function("variable \(name) in Fn::Sub expression does not resolve to a string")
        }
        return .string(text)
    }

    mutating func imported(_ argument: TemplateValue) throws(TemplateError) -> TemplateValue {
        guard let name = try text(argument, or: .importValue).string else { return .unknown }
        guard let value = surroundings.exportedValue(name) else {
            throw TemplateError("No export named \(name) found.")
        }
        return .string(value)
    }

    mutating func stackOutput(_ argument: TemplateValue) throws(TemplateError) -> TemplateValue {
        let members = argument.map ?? TemplateMap()
        var texts: [String: String] = [:]
        for entry in members.entries {
            guard let value = try evaluate(entry.value) else { continue }
            if case .unknown = value { return .unknown }
            guard let text = value.text else { throw .stackOutput }
            texts[entry.name] = text
        }
        guard let stack = texts["StackName"], let output = texts["OutputName"] else { throw .stackOutput }
        let name = StackOutputName(stack: stack, output: output, region: texts["Region"], roleARN: texts["RoleArn"])
        guard let value = surroundings.output(name) else {
            throw .function("no output \(output) of a stack \(stack) found for Fn::GetStackOutput")
        }
        return .string(value)
    }
}
