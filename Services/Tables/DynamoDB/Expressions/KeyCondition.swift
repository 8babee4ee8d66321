import ServiceKit

/// What a Query asks of the key attributes, by name; the table's schema says later what each of them is.
struct KeyCondition: Sendable, Equatable {
    enum Test: Sendable, Equatable {
        case comparison(Comparator, AttributeValue)
        case between(AttributeValue, AttributeValue)
        case beginsWith(AttributeValue)
        /// One of the older comparisons that no index can answer.
        case unindexable

        var operands: [AttributeValue] {
            switch self {
            case .comparison(_, let value), .beginsWith(let value): [value]
            case .between(let lower, let upper): [lower, upper]
            case .unindexable: []
            }
        }
    }

    private(set) var tests: [Text: Test] = [:]

    init() {}

    /// - Throws: for everything but a conjunction of one test per attribute against values.
    init(_ condition: Condition) throws(ServiceError) { try add(condition) }

    /// - Throws: for a second test of an attribute.
    mutating func add(_ test: Test, on name: Text) throws(ServiceError) {
        guard tests[name] == nil else {
            throw .validation("KeyConditionExpressions must only contain one condition per key")
        }
        tests[name] = test
    }

    private mutating func add(_ condition: Condition) throws(ServiceError) {
        switch condition {
        case .and(let left, let right):
            try add(left)
            try add(right)
        case .or: throw Self.invalidOperator("OR")
        case .not: throw Self.invalidOperator("NOT")
        case .membership: throw Self.invalidOperator("IN")
        case .exists: throw Self.invalidOperator("attribute_exists")
        case .notExists: throw Self.invalidOperator("attribute_not_exists")
        case .hasType: throw Self.invalidOperator("attribute_type")
        case .contains: throw Self.invalidOperator("contains")
        case .comparison(.notEqual, _, _): throw Self.invalidOperator("<>")
        case .comparison(let comparator, let left, let right): try addComparison(comparator, left, right)
        case .between(let tested, let lower, let upper):
            let name = try Self.name(tested, others: [lower, upper], of: "BETWEEN")
            try add(.between(try Self.literal(lower), try Self.literal(upper)), on: name)
        case .beginsWith(let tested, let prefix):
            let name = try Self.name(tested, others: [prefix], of: "begins_with")
            try add(.beginsWith(try Self.literal(prefix)), on: name)
        }
    }

    private mutating func addComparison(
        _ comparator: Comparator, _ left: Condition.Operand, _ right: Condition.Operand
    ) throws(ServiceError) {
        for operand in [left, right] { try Self.refuseNesting(operand) }
        switch (left, right) {
        case (.path(let path), .value(let value)): try add(.comparison(comparator, value), on: path.root)
        case (.value(let value), .path(let path)): try add(.comparison(comparator.mirrored, value), on: path.root)
        case (.path, .path): throw Self.fault("Multiple attribute names used in one condition")
        default: throw Self.fault("No key attribute specified")
        }
    }

    private static func name(
        _ tested: Condition.Operand, others: [Condition.Operand], of operation: String
    ) throws(ServiceError) -> Text {
        for operand in [tested] + others { try refuseNesting(operand) }
        guard let path = tested.path else {
            throw fault("\(operation) operator must have the key attribute as its first operand")
        }
        guard others.allSatisfy({ $0.path == nil }) else {
            throw fault("Multiple attribute names used in one condition")
        }
        return path.root
    }

    private static func literal(_ operand: Condition.Operand) throws(ServiceError) -> AttributeValue {
        guard let literal = operand.literal else { throw fault("No key attribute specified") }
        return literal
    }

    private static func refuseNesting(_ operand: Condition.Operand) throws(ServiceError) {
        switch operand {
        case .size: throw .validation("KeyConditionExpressions cannot contain nested operations")
        case .path(let path) where !path.isTopLevel:
            throw .validation("KeyConditionExpressions cannot have conditions on nested attributes")
        case .path, .value: break
        }
    }

    private static func invalidOperator(_ name: String) -> ServiceError {
        .validation("Invalid operator used in KeyConditionExpression: \(name)")
    }

    private static func fault(_ detail: String) -> ServiceError {
        .validation("Invalid condition in KeyConditionExpression: \(detail)")
    }
}
