import ServiceKit

/// Which messages a subscription wants.
///
/// [Reference](https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html)
struct FilterPolicy: Sendable {
    enum Scope: String, Sendable {
        case attributes = "MessageAttributes"
        case body = "MessageBody"
    }

    /// All conditions must hold.
    struct Node: Sendable {
        var conditions: [Condition] = []
    }

    indirect enum Condition: Sendable {
        /// One of the values under a name fits one of the rules.
        case values(of: String, [FilterRule])
        /// What is under a name fits a policy of its own; in bodies only.
        case inside(String, Node)
        case either([Node])
    }

    let scope: Scope
    let root: Node

    /// - Parameter prefix: how the error's message begins; differs between operations.
    init(_ text: String, scope: Scope, prefix: String = "") throws {
        guard let document = try? JSONDocument(Array(text.utf8)).root, document.kind == .object else {
            throw ServiceError.invalidParameter("\(prefix)FilterPolicy: failed to parse JSON.")
        }
        var parser = FilterPolicyParser(scope: scope, prefix: prefix)
        root = try parser.parse(document)
        self.scope = scope
    }

    func accepts(_ message: Publication) -> Bool {
        switch scope {
        case .attributes: root.accepts(message.attributes)
        case .body:
            (try? JSONDocument(Array(message.body.utf8)).root).map { $0.kind == .object && root.accepts([$0]) } ?? false
        }
    }
}

extension FilterPolicy.Node {
    func accepts(_ attributes: PublishedAttributes) -> Bool {
        conditions.allSatisfy { condition in
            switch condition {
            case .values(let name, let rules): FilterPolicy.anyFits(attributes.filterValues(of: name), rules)
            case .inside: false
            case .either(let nodes): nodes.contains { $0.accepts(attributes) }
            }
        }
    }

    /// - Parameter objects: where lists stand in the body, each of their elements.
    func accepts(_ objects: [JSONValue]) -> Bool {
        conditions.allSatisfy { condition in
            switch condition {
            case .values(let name, let rules):
                let values = objects.compactMap { $0[name] }.flatMap(FilterPolicy.elements)
                return FilterPolicy.anyFits(values.compactMap(FilterValue.init), rules)
            case .inside(let name, let node):
                let inner = objects.compactMap { $0[name] }.flatMap(FilterPolicy.elements)
                return node.accepts(inner.filter { $0.kind == .object })
            case .either(let nodes): return nodes.contains { $0.accepts(objects) }
            }
        }
    }
}

extension FilterPolicy {
    fileprivate static func anyFits(_ values: [FilterValue], _ rules: [FilterRule]) -> Bool {
        if values.isEmpty { return rules.contains(.exists(false)) }
        return rules.contains { rule in values.contains { rule.matches($0) } }
    }

    /// The elements of a list, of lists in lists too; anything else is one.
    fileprivate static func elements(_ value: JSONValue) -> [JSONValue] {
        value.kind == .array ? value.elements.flatMap(elements) : [value]
    }
}
