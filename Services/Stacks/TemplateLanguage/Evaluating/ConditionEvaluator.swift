/// Decides the conditions of a template, which know of parameters and of each other.
struct ConditionEvaluator {
    private var functions: FunctionEvaluator
    private var decided: [String: Bool] = [:]

    private init(in scope: FunctionScope) { functions = FunctionEvaluator(scope, NoSurroundings()) }

    /// Whether each condition holds.
    static func decide(_ declared: TemplateMap, in scope: FunctionScope) throws(TemplateError) -> [String: Bool] {
        // Each after those it names: following them by recursion would take as much of the stack as a template likes.
        let named = Dictionary(
            uniqueKeysWithValues: declared.entries.map { entry in
                (entry.name, Set(References(in: [entry.value], amongConditions: true).conditions))
            })
        let order = DependencyOrder(declared.names, named)
        guard order.circle.isEmpty else {
            throw .function("Found circular condition dependency: [\(order.circle.joined(separator: ", "))]")
        }
        var evaluator = ConditionEvaluator(in: scope)
        for name in order.names {
            guard let value = declared[name] else { continue }
            evaluator.decided[name] = try evaluator.isTrue(value)
            evaluator.functions.scope.conditions = evaluator.decided
        }
        return evaluator.decided
    }

    /// The value of a function that is true or false.
    mutating func isTrue(_ value: TemplateValue) throws(TemplateError) -> Bool {
        if let flag = value.boolean { return flag }
        guard let call = value.map.flatMap({ FunctionCall(condition: $0) }) else {
            throw .format("Conditions can only be boolean operations on parameters and other conditions")
        }
        try call.check(extensions: true)
        let parts = call.argument.list ?? []
        switch call.name {
        case "Condition":
            guard let name = call.argument.string else { throw .function("All Conditions must be of type string") }
            guard let holds = decided[name] else {
                throw .format("Unresolved condition dependency \(name) in the Conditions block of the template")
            }
            return holds
        case "Fn::Equals": return try areEqual(parts)
        case "Fn::Not": return try !isTrue(parts[0])
        case "Fn::And":
            // All of them are looked at, so that faults show whatever the others say.
            return try all(parts).allSatisfy { $0 }
        case "Fn::Or": return try all(parts).contains(true)
        default: return try flag(value)
        }
    }

    private mutating func all(_ values: [TemplateValue]) throws(TemplateError) -> [Bool] {
        var results: [Bool] = []
        for value in values { results.append(try isTrue(value)) }
        return results
    }

    private mutating func areEqual(_ parts: [TemplateValue]) throws(TemplateError) -> Bool {
        let (one, other) = (try operand(parts[0]), try operand(parts[1]))
        guard let one, let other else { return one == nil && other == nil }
        if one.isPartlyUnknown || other.isPartlyUnknown { return false }
        if let one = one.text, let other = other.text { return one == other }
        guard functions.scope.hasLanguageExtensions else { throw .equals }
        return one == other
    }

    private mutating func operand(_ value: TemplateValue) throws(TemplateError) -> TemplateValue? {
        try functions.evaluate(value)
    }

    /// A function that may give a text of a flag: `Fn::FindInMap`, `Ref`.
    private mutating func flag(_ value: TemplateValue) throws(TemplateError) -> Bool {
        guard let flag = try functions.evaluate(value)?.boolean else {
            throw .format("Conditions can only be boolean operations on parameters and other conditions")
        }
        return flag
    }
}
