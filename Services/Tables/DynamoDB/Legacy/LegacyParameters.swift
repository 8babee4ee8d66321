import ServiceKit

/// `ComparisonOperator`, of the parameters that expressions took the place of. They are translated into the same
/// conditions and updates.
///
/// [Legacy parameters](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html)
enum LegacyComparison: String, Sendable {
    case equal = "EQ"
    case notEqual = "NE"
    case lessOrEqual = "LE"
    case less = "LT"
    case greaterOrEqual = "GE"
    case greater = "GT"
    case notNull = "NOT_NULL"
    case null = "NULL"
    case contains = "CONTAINS"
    case notContains = "NOT_CONTAINS"
    case beginsWith = "BEGINS_WITH"
    case `in` = "IN"
    case between = "BETWEEN"

    /// The number of values it takes.
    fileprivate var operandCounts: ClosedRange<Int> {
        switch self {
        case .null, .notNull: 0...0
        case .in: 1...Int.max
        case .between: 2...2
        default: 1...1
        }
    }

    fileprivate func allows(_ kind: AttributeValue.Kind) -> Bool {
        switch self {
        case .equal, .notEqual: true
        case .beginsWith: kind == .string || kind == .binary
        case .null, .notNull: false
        case .lessOrEqual, .less, .greaterOrEqual, .greater, .contains, .notContains, .in, .between: kind.isScalarKey
        }
    }

    fileprivate var comparator: Comparator? {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .lessOrEqual: .lessOrEqual
        case .less: .less
        case .greaterOrEqual: .greaterOrEqual
        case .greater: .greater
        default: nil
        }
    }
}

/// One attribute's test, as in `QueryFilter` and `KeyConditions`.
struct LegacyTest: Sendable {
    let comparison: LegacyComparison
    let values: [AttributeValue]

    /// - Throws: for a number or a type of values the comparison does not take.
    init(_ comparison: LegacyComparison, _ values: [AttributeValue]) throws(ServiceError) {
        self.comparison = comparison
        self.values = values
        guard comparison.operandCounts.contains(values.count) else {
            throw .invalidParameter(
                "Invalid number of argument(s) for the \(comparison.rawValue) ComparisonOperator")
        }
        guard values.allSatisfy({ $0.kind == values[0].kind }) else {
            throw .invalidParameter("AttributeValues inside AttributeValueList must be of same type")
        }
        for value in values where !comparison.allows(value.kind) {
            throw .invalidParameter(
                "ComparisonOperator \(comparison.rawValue) is not valid for \(value.kind.rawValue) AttributeValue type")
        }
        if comparison == .between, let order = values[0].compare(to: values[1]), order > 0 {
            throw .validation(
                "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound")
        }
    }

    init(json: JSONValue) throws {
        let member = try Members(json)
        let name: String = try member("ComparisonOperator")
        guard let comparison = LegacyComparison(rawValue: name) else {
            throw MemberError.invalid("unknown ComparisonOperator")
        }
        try self.init(comparison, try member("AttributeValueList") ?? [])
    }

    func condition(on name: String) -> Condition {
        let attribute = DocumentPath(root: Text(name))
        if let comparator = comparison.comparator {
            return .comparison(comparator, .path(attribute), .value(values[0]))
        }
        switch comparison {
        case .null: return .notExists(attribute)
        case .notNull: return .exists(attribute)
        case .contains: return .contains(.path(attribute), .value(values[0]))
        case .notContains:
            return .and(.exists(attribute), .not(.contains(.path(attribute), .value(values[0]))))
        case .beginsWith: return .beginsWith(.path(attribute), .value(values[0]))
        case .between: return .between(.path(attribute), lower: .value(values[0]), upper: .value(values[1]))
        default: return .membership(.path(attribute), values.map { .value($0) })
        }
    }

    /// The test of a key attribute.
    var keyTest: KeyCondition.Test {
        switch comparison {
        case .between: .between(values[0], values[1])
        case .beginsWith: .beginsWith(values[0])
        case .equal, .lessOrEqual, .less, .greaterOrEqual, .greater:
            .comparison(comparison.comparator ?? .equal, values[0])
        case .notEqual, .notNull, .null, .contains, .notContains, .in: .unindexable
        }
    }
}

/// `ConditionalOperator`: how tests of several attributes are joined.
enum LegacyConjunction {
    static func join(_ conditions: [Condition], _ conjunction: String?) -> Condition? {
        guard var joined = conditions.first else { return nil }
        for condition in conditions.dropFirst() {
            joined = conjunction == "OR" ? .or(joined, condition) : .and(joined, condition)
        }
        return joined
    }

    /// - Throws: for a conjunction of fewer than two tests.
    static func check(_ conjunction: String?, tests: Int?) throws(ServiceError) {
        guard conjunction != nil else { return }
        guard let tests else {
            throw .validation("ConditionalOperator cannot be used without Filter or Expected")
        }
        guard tests > 1 else {
            throw .validation(
                "ConditionalOperator can only be used when Filter or Expected has two or more elements")
        }
    }
}
