import ServiceKit

/// A value a filter policy compares: of a message attribute, or of a message's JSON body.
enum FilterValue: Sendable, Equatable {
    case string(String)
    case number(Double)
    case bool(Bool)
    case null

    /// `nil` for objects and arrays.
    init?(_ json: JSONValue) {
        switch json.kind {
        case .string: self = .string(json.string ?? "")
        case .number: self = .number(json.double ?? .nan)
        case .bool: self = .bool(json.bool ?? false)
        case .null: self = .null
        case .array, .object: return nil
        }
    }
}

/// One element of a filter policy's lists.
///
/// [Reference](https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html)
indirect enum FilterRule: Sendable, Equatable {
    enum Comparison: String, Sendable {
        case equal = "="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    struct Bound: Sendable, Equatable {
        let comparison: Comparison
        let number: Double
    }

    case exactly(FilterValue)
    case prefix(String)
    case suffix(String)
    case equalsIgnoringCase(String)
    case wildcard(String)
    case network(IPNetwork)
    case numeric([Bound])
    case exists(Bool)
    /// None of these may match.
    case anythingBut([FilterRule])

    /// Whether a value fits; `exists` is decided where it is known whether there is one.
    func matches(_ value: FilterValue) -> Bool {
        switch (self, value) {
        case (.exactly(let expected), _): expected == value
        case (.anythingBut(let rules), _): !rules.contains { $0.matches(value) }
        case (.exists(let mustExist), _): mustExist
        case (.numeric(let bounds), .number(let number)): bounds.allSatisfy { $0.admits(number) }
        case (.prefix(let prefix), .string(let text)): text.hasPrefix(prefix)
        case (.suffix(let suffix), .string(let text)): text.hasSuffix(suffix)
        case (.equalsIgnoringCase(let other), .string(let text)): text.lowercased() == other.lowercased()
        case (.wildcard(let pattern), .string(let text)): Wildcard.matches(pattern, text)
        case (.network(let network), .string(let text)): IPNetwork(text).map(network.contains) ?? false
        default: false
        }
    }
}

extension FilterRule.Bound {
    func admits(_ value: Double) -> Bool {
        switch comparison {
        case .equal: value == number
        case .less: value < number
        case .lessOrEqual: value <= number
        case .greater: value > number
        case .greaterOrEqual: value >= number
        }
    }
}
