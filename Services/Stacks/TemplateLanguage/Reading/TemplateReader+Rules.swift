extension TemplateReader {
    private static let ruleMembers: Set<String> = ["RuleCondition", "Assertions"]

    func rules() throws(TemplateError) -> TemplateMap {
        let all = try members("Rules")
        for rule in all.entries {
            guard Self.isAlphanumeric(rule.name) else { throw .format("Rule name \(rule.name) is non alphanumeric.") }
            guard let members = rule.value.map, let assertions = members["Assertions"]?.list,
                assertions.allSatisfy({ $0.map?["Assert"] != nil })
            else { throw RuleEvaluator.malformed(rule.name) }
            if let unknown = members.names.first(where: { !Self.ruleMembers.contains($0) }) {
                throw TemplateError("Invalid template rule property '\(unknown)'")
            }
        }
        return all
    }
}
