/// Holds the parameters against the rules of a template.
///
/// [Rules](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html)
struct RuleEvaluator {
    private let scope: FunctionScope
    private var functions: FunctionEvaluator

    /// - Throws: `TemplateError` with what the assertions that do not hold say.
    static func check(_ rules: TemplateMap, in scope: FunctionScope) throws(TemplateError) {
        var evaluator = RuleEvaluator(scope)
        for rule in rules.entries { try evaluator.check(rule) }
    }

    private init(_ scope: FunctionScope) {
        self.scope = scope
        functions = FunctionEvaluator(scope, NoSurroundings())
    }

    private mutating func check(_ rule: TemplateMap.Entry) throws(TemplateError) {
        let members = rule.value.map ?? TemplateMap()
        if let condition = members["RuleCondition"], try !isTrue(condition) { return }
        for assertion in members["Assertions"]?.list ?? [] {
            guard let assertion = assertion.map, let assert = assertion["Assert"] else {
                throw Self.malformed(rule.name)
            }
            guard try !isTrue(assert) else { continue }
            throw TemplateError(assertion["AssertDescription"]?.text ?? "Rule \(rule.name) was not satisfied")
        }
    }

    static func malformed(_ rule: String) -> TemplateError {
        .format("Rule \(rule) must have a list of Assertions, each with an Assert")
    }

    private mutating func isTrue(_ value: TemplateValue) throws(TemplateError) -> Bool {
        if let flag = value.boolean { return flag }
        guard let call = value.map.flatMap({ FunctionCall($0) }) else { throw .ruleFunction }
        let parts = call.argument.list ?? []
        switch call.name {
        case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals":
            try call.check(extensions: true)
            return try combined(call.name, parts)
        case "Fn::Contains":
            let (members, value) = (try texts(parts, 0), try text(parts, 1))
            return members.contains(value)
        case "Fn::EachMemberEquals":
            let (members, value) = (try texts(parts, 0), try text(parts, 1))
            return members.allSatisfy { $0 == value }
        case "Fn::EachMemberIn":
            let (members, all) = (try texts(parts, 0), try texts(parts, 1))
            return members.allSatisfy(all.contains)
        default: throw .ruleFunction
        }
    }

    private mutating func combined(_ name: String, _ parts: [TemplateValue]) throws(TemplateError) -> Bool {
        if name == "Fn::Equals" { return try text(parts, 0) == text(parts, 1) }
        var results: [Bool] = []
        for part in parts { results.append(try isTrue(part)) }
        switch name {
        case "Fn::And": return results.allSatisfy { $0 }
        case "Fn::Or": return results.contains(true)
        default: return !results[0]
        }
    }

    private mutating func text(_ parts: [TemplateValue], _ index: Int) throws(TemplateError) -> String {
        guard parts.indices.contains(index) else { throw .ruleFunction }
        guard let value = try value(parts[index]), let text = value.text else { throw .ruleFunction }
        return text
    }

    private mutating func texts(_ parts: [TemplateValue], _ index: Int) throws(TemplateError) -> [String] {
        guard parts.indices.contains(index), let value = try value(parts[index]) else { throw .ruleFunction }
        var texts: [String] = []
        for element in value.list ?? [value] {
            guard let element = try self.value(element), let text = element.text else { throw .ruleFunction }
            texts.append(text)
        }
        return texts
    }

    /// What rules alone know is decided here, the rest as everywhere.
    private mutating func value(_ value: TemplateValue) throws(TemplateError) -> TemplateValue? {
        guard let call = value.map.flatMap({ FunctionCall($0) }) else { return try functions.evaluate(value) }
        switch call.name {
        case "Fn::RefAll":
            let type = call.argument.text ?? ""
            return .list(parameters(ofType: type).compactMap { scope.value(ofParameter: $0) })
        case "Fn::ValueOf", "Fn::ValueOfAll":
            // Attributes of what parameters name (a VPC's tags, say) are of services this stack has not.
            throw .function("\(call.name) knows attributes of AWS::EC2 resources, which are not there")
        default: return try functions.evaluate(value)
        }
    }

    private func parameters(ofType type: String) -> [String] {
        scope.parameters.values.filter { $0.type == type }.map(\.name).sorted()
    }
}

extension TemplateError {
    fileprivate static let ruleFunction = format(
        "Rules can only be boolean operations on parameters, by Fn::And, Fn::Contains, Fn::EachMemberEquals, "
            + "Fn::EachMemberIn, Fn::Equals, Fn::Not and Fn::Or")
}
