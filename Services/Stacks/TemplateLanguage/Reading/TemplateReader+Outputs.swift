extension TemplateReader {
    private static let members: Set<String> = ["Description", "Value", "Export", "Condition"]

    func outputs() throws(TemplateError) -> [TemplateOutput] {
        let all = try members("Outputs")
        try Self.check(all.count, of: "outputs", atMost: 200)
        var outputs: [TemplateOutput] = []
        for entry in all.entries where isComplete || !entry.name.hasPrefix("Fn::") {
            outputs.append(try output(entry))
        }
        return outputs
    }

    private func output(_ entry: TemplateMap.Entry) throws(TemplateError) -> TemplateOutput {
        let name = entry.name
        guard Self.isAlphanumeric(name) else { throw .format("Output name \(name) is non alphanumeric.") }
        guard let output = entry.value.map else { throw .format("Every Outputs member must be an object.") }
        if let unknown = output.names.first(where: { !Self.members.contains($0) }), isComplete {
            throw TemplateError("Invalid template output property '\(unknown)'")
        }
        guard let value = output["Value"] else {
            throw .format("Every Outputs member must contain a Value object")
        }
        return TemplateOutput(
            name: name, description: try outputDescription(output["Description"]),
            condition: try condition(output["Condition"]), value: value,
            exportName: try exportName(output["Export"], of: name))
    }

    private func outputDescription(_ value: TemplateValue?) throws(TemplateError) -> String? {
        guard let value else { return nil }
        guard let text = value.text else { throw .format("Every Description member must be a string.") }
        return text
    }

    private func exportName(_ value: TemplateValue?, of output: String) throws(TemplateError) -> TemplateValue? {
        guard let value else { return nil }
        guard let export = value.map, export.count == 1, let name = export["Name"] else {
            throw .format("Output \(output) is malformed. The Name field of every Export member must be specified.")
        }
        return name
    }
}
