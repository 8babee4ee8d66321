extension TemplateReader {
    private static let members: Set<String> = [
        "Type", "Default", "Description", "NoEcho", "AllowedValues", "AllowedPattern", "ConstraintDescription",
        "MinLength", "MaxLength", "MinValue", "MaxValue",
    ]

    func parameters() throws(TemplateError) -> [TemplateParameter] {
        let all = try members("Parameters")
        try Self.check(all.count, of: "parameters", atMost: 200)
        var parameters: [TemplateParameter] = []
        for entry in all.entries where isComplete || !entry.name.hasPrefix("Fn::") {
            parameters.append(try parameter(entry))
        }
        return parameters
    }

    private func parameter(_ entry: TemplateMap.Entry) throws(TemplateError) -> TemplateParameter {
        let name = entry.name
        guard Self.isAlphanumeric(name) else { throw .format("Parameter name \(name) is non alphanumeric.") }
        guard let members = entry.value.map else { throw .format("Any Parameters member must be an object.") }
        if let unknown = members.names.first(where: { !Self.members.contains($0) }) {
            throw TemplateError("Invalid template parameter property '\(unknown)'")
        }
        guard let declared = members["Type"] else {
            throw .format("Every Parameters object must contain a Type member.")
        }
        guard let type = declared.string else { throw .format("Every Type member must be a string.") }
        guard ParameterType.isKnown(type) else { throw .format("Unrecognized parameter type: \(type)") }
        let member = ParameterMembers(members, name)
        return TemplateParameter(
            name: name, type: type, defaultValue: try member.text("Default"),
            description: try member.text("Description"), isHidden: try member.flag("NoEcho"),
            allowedValues: try member.texts("AllowedValues"), allowedPattern: try member.text("AllowedPattern"),
            constraintDescription: try member.text("ConstraintDescription"),
            minLength: try member.integer("MinLength"), maxLength: try member.integer("MaxLength"),
            minValue: try member.number("MinValue"), maxValue: try member.number("MaxValue"))
    }
}
