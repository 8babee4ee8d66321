import ServiceKit

/// Reads a filter policy and holds it to AWS's limits.
struct FilterPolicyParser {
    let scope: FilterPolicy.Scope
    let prefix: String
    /// The product of what every key allows, as AWS counts a policy's complexity.
    private var combinations = 1

    init(scope: FilterPolicy.Scope, prefix: String) {
        self.scope = scope
        self.prefix = prefix
    }

    mutating func parse(_ policy: JSONValue) throws -> FilterPolicy.Node {
        guard Array(policy.members).count <= 5 else { throw fault("Filter policy can not have more than 5 keys") }
        let node = try node(policy, depth: 1)
        guard combinations <= 150 else { throw fault("Filter policy is too complex") }
        return node
    }

    private mutating func node(_ object: JSONValue, depth: Int) throws -> FilterPolicy.Node {
        var node = FilterPolicy.Node()
        for member in object.members {
            let (name, value) = (member.name, member.value)
            switch value.kind {
            case .array where name == "$or" && isAlternatives(value):
                node.conditions.append(try either(value, depth: depth))
            case .array: node.conditions.append(.values(of: name, try rules(value, depth: depth)))
            case .object:
                guard scope == .body else {
                    throw ServiceError.invalidParameter(
                        "\(prefix)Filter policy scope MessageAttributes does not support nested filter policy")
                }
                node.conditions.append(.inside(name, try self.node(value, depth: depth + 1)))
            default: throw fault("\"\(name)\" must be an object or an array")
            }
        }
        return node
    }

    private func isAlternatives(_ value: JSONValue) -> Bool {
        let elements = Array(value.elements)
        return elements.count > 1 && elements.allSatisfy { $0.kind == .object }
    }

    private mutating func either(_ value: JSONValue, depth: Int) throws -> FilterPolicy.Condition {
        let before = combinations
        var total = 0
        var nodes: [FilterPolicy.Node] = []
        for element in value.elements {
            combinations = before
            nodes.append(try node(element, depth: depth))
            total += combinations
        }
        combinations = total
        return .either(nodes)
    }

    private mutating func rules(_ list: JSONValue, depth: Int) throws -> [FilterRule] {
        let rules = try list.elements.map(rule)
        guard !rules.isEmpty else { throw fault("Empty arrays are not allowed") }
        combinations = combinations.multipliedReportingOverflow(by: rules.count * depth).partialValue
        return rules
    }

    private func rule(_ value: JSONValue) throws -> FilterRule {
        if let plain = FilterValue(value) { return .exactly(plain) }
        let members = Array(value.members)
        guard value.kind == .object, members.count == 1 else {
            throw fault("Match value must be String, number, true, false, or null")
        }
        let (name, operand) = (members[0].name, members[0].value)
        switch name {
        case "anything-but": return .anythingBut(try exceptions(operand))
        case "exists":
            guard let bool = operand.bool else { throw fault("exists match pattern must be either true or false.") }
            return .exists(bool)
        case "numeric": return .numeric(try bounds(operand))
        case "cidr":
            guard let text = operand.string, text.contains("/"), let network = IPNetwork(text) else {
                throw fault("cidr match pattern must be a valid CIDR block")
            }
            return .network(network)
        default: return try textRule(name, operand)
        }
    }

    private func textRule(_ name: String, _ operand: JSONValue) throws -> FilterRule {
        guard ["prefix", "suffix", "equals-ignore-case", "wildcard"].contains(name) else {
            throw fault("Unrecognized match type \(name)")
        }
        guard let text = operand.string else { throw fault("\(name) match pattern must be a string") }
        return switch name {
        case "prefix": .prefix(text)
        case "suffix": .suffix(text)
        case "wildcard": .wildcard(text)
        default: .equalsIgnoringCase(text)
        }
    }

    private func exceptions(_ operand: JSONValue) throws -> [FilterRule] {
        switch operand.kind {
        case .array: try operand.elements.map(rule)
        case .object:
            try operand.members.flatMap { member in
                let texts = member.value.kind == .array ? Array(member.value.elements) : [member.value]
                return try texts.map { try textRule(member.name, $0) }
            }
        default: [try rule(operand)]
        }
    }

    /// `["=", 1]` or `[">", 0, "<=", 150]`
    private func bounds(_ operand: JSONValue) throws -> [FilterRule.Bound] {
        let parts = Array(operand.elements)
        guard operand.kind == .array, !parts.isEmpty, parts.count <= 4, parts.count.isMultiple(of: 2) else {
            throw fault("Value of numeric must be an array of an operator and a number, or of two of each")
        }
        return try stride(from: 0, to: parts.count, by: 2).map { index in
            guard let comparison = parts[index].string.flatMap(FilterRule.Comparison.init) else {
                throw fault("Unrecognized numeric range operator: \(parts[index].string ?? "")")
            }
            guard let number = parts[index + 1].double else {
                throw fault("Value of \(comparison.rawValue) must be numeric")
            }
            return FilterRule.Bound(comparison: comparison, number: number)
        }
    }

    private func fault(_ message: String) -> ServiceError { .invalidParameter("\(prefix)FilterPolicy: \(message)") }
}
