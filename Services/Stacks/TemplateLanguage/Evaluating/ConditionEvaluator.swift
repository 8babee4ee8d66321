/// Decides the conditions of a template, which know of parameters and of each other.
struct ConditionEvaluator {
    private let declared: TemplateMap
    private var functions: FunctionEvaluator
    private(set) var decided: [String: Bool] = [:]
    /// Those that are being decided, in their order.
    private var open: [String] = []

    init(_ declared: TemplateMap, in scope: FunctionScope) {
        self.declared = declared
        functions = FunctionEvaluator(scope, NoSurroundings())
    }

    /// Whether each condition holds.
    static func decide(_ declared: TemplateMap, in scope: FunctionScope) throws(TemplateError) -> [String: Bool] {
        var evaluator = ConditionEvaluator(declared, in: scope)
        for name in declared.names { _ = try evaluator.holds(name) }
        return evaluator.decided
    }

    private mutating func holds(_ name: String) throws(TemplateError) -> Bool {
        if let known = decided[name] { return known }
        guard let value = declared[name] else {
            throw .format("Unresolved condition dependency \(name) in the Conditions block of the template")
        }
        // A chain of conditions is as long as its template likes, and each of them takes from the stack.
        guard !open.contains(name), open.count < 500 else {
            throw .function("Found circular condition dependency: [\(open.joined(separator: ", "))]")
        }
        open.append(name)
        let result = try isTrue(value)
        open.removeLast()
        decided[name] = result
        return result
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
            return try holds(name)
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
