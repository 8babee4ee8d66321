import Bytes
import JSON
import Time

/// Reads a `Condition` block: operators, keys, values.
///
/// [Operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
struct ConditionParser {
    let allowsVariables: Bool

    func parse(_ value: JSONValue?) throws -> [Condition] {
        guard let value else { return [] }
        guard value.kind == .object else { throw PolicyError.syntax }
        var conditions: [Condition] = []
        for block in value.members {
            guard block.value.kind == .object else { throw PolicyError.syntax }
            for member in block.value.members {
                guard let condition = try condition(block.name, member.name, try texts(member.value)) else {
                    throw PolicyError("Invalid Condition type : \(block.name).")
                }
                conditions.append(condition)
            }
        }
        return conditions
    }

    /// `nil` for an operator that does not exist.
    private func condition(_ text: String, _ key: String, _ values: [String]) throws -> Condition? {
        var name = text.folded[...]
        let quantifier = Self.takeQuantifier(&name)
        let ifExists = name.hasSuffix("ifexists")
        if ifExists { name = name.dropLast("ifexists".count) }
        // `not` stands between the type and the comparison in every negated operator.
        let positive = String(name.replacing("not", with: ""))
        let isNegated = positive.count != name.count
        guard Self.operators.contains(positive), !isNegated || Self.negatable.contains(positive) else { return nil }
        return Condition(
            key: key.folded, quantifier: quantifier, ifExists: ifExists, isNegated: isNegated,
            expected: try expected(positive, values))
    }

    private static func takeQuantifier(_ name: inout Substring) -> Condition.Quantifier {
        if name.hasPrefix("forallvalues:") {
            name = name.dropFirst("forallvalues:".count)
            return .forAllValues
        }
        guard name.hasPrefix("foranyvalue:") else { return .none }
        name = name.dropFirst("foranyvalue:".count)
        return .forAnyValue
    }

    private static let negatable: Set<String> = [
        "stringequals", "stringequalsignorecase", "stringlike", "numericequals", "dateequals", "ipaddress", "arnequals",
        "arnlike",
    ]
    private static let operators = negatable.union([
        "numericlessthan", "numericlessthanequals", "numericgreaterthan", "numericgreaterthanequals", "datelessthan",
        "datelessthanequals", "dategreaterthan", "dategreaterthanequals", "bool", "binaryequals", "null",
    ])

    private func expected(_ name: String, _ values: [String]) throws -> Condition.Expected {
        switch name {
        case "stringequals": return .text(values.map { Pattern($0, options()) }, folding: false)
        case "stringequalsignorecase":
            return .text(values.map { Pattern($0, options(.folding)) }, folding: true)
        case "stringlike": return .text(values.map { Pattern($0, options(.wildcards)) }, folding: false)
        case "arnequals", "arnlike":
            return .arn(values.map { ARNPattern($0, options(.wildcards)) })
        case "ipaddress": return .address(try read(values, IPNetwork.init))
        case "bool": return .bool(try read(values, bool))
        case "null": return .absent(try read(values, bool))
        case "binaryequals": return .binary(try read(values) { Base64.decode($0.utf8) })
        default:
            let ordering = Self.ordering(name)
            return name.hasPrefix("numeric")
                ? .number(try read(values) { Double($0) }, ordering)
                : .date(try read(values) { Timestamp(policyDate: $0) }, ordering)
        }
    }

    private static func ordering(_ name: String) -> Condition.Ordering {
        if name.hasSuffix("lessthan") { return .less }
        if name.hasSuffix("lessthanequals") { return .lessOrEqual }
        if name.hasSuffix("greaterthan") { return .greater }
        return name.hasSuffix("greaterthanequals") ? .greaterOrEqual : .equal
    }

    private func options(_ more: Pattern.Options = []) -> Pattern.Options {
        allowsVariables ? more.union(.variables) : more
    }

    private func read<Value>(_ values: [String], _ convert: (String) -> Value?) throws -> [Value] {
        try values.map { text in
            guard let value = convert(text) else { throw PolicyError.syntax }
            return value
        }
    }

    private func bool(_ text: String) -> Bool? {
        switch text.folded {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// Values may be written as JSON's own numbers and truth values.
    private func texts(_ value: JSONValue) throws -> [String] {
        if value.kind == .array { return try value.elements.map(text) }
        return [try text(value)]
    }

    private func text(_ value: JSONValue) throws -> String {
        if let text = value.string ?? value.numberText { return text }
        guard let bool = value.bool else { throw PolicyError.syntax }
        return bool ? "true" : "false"
    }
}
