/// An expression as it is written, placeholders unresolved: what the cache keeps by its text.
struct PathSyntax: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        case name(String)
        /// `#name`
        case placeholder(String)
        case index(Int)
    }
    var steps: [Step]
}

indirect enum OperandSyntax: Sendable, Equatable {
    case path(PathSyntax)
    /// `:value`
    case value(String)
    case call(CallSyntax)
}

struct CallSyntax: Sendable, Equatable {
    let function: String
    let arguments: [OperandSyntax]
}

enum Comparator: String, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    var needsOrder: Bool { self != .equal && self != .notEqual }

    /// The same comparison with its sides exchanged.
    var mirrored: Comparator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

indirect enum ConditionSyntax: Sendable, Equatable {
    case comparison(Comparator, OperandSyntax, OperandSyntax)
    case between(OperandSyntax, lower: OperandSyntax, upper: OperandSyntax)
    case membership(OperandSyntax, [OperandSyntax])
    case call(CallSyntax)
    case and(ConditionSyntax, ConditionSyntax)
    case or(ConditionSyntax, ConditionSyntax)
    case not(ConditionSyntax)
}

enum UpdateValueSyntax: Sendable, Equatable {
    case operand(OperandSyntax)
    case plus(OperandSyntax, OperandSyntax)
    case minus(OperandSyntax, OperandSyntax)
}

enum UpdateClauseSyntax: Sendable, Equatable {
    case set(PathSyntax, UpdateValueSyntax)
    case remove(PathSyntax)
    /// The value is a placeholder.
    case add(PathSyntax, String)
    case delete(PathSyntax, String)
}

/// The outcome of parsing one expression.
enum ExpressionSyntax: Sendable, Equatable {
    case condition(ConditionSyntax)
    case update([UpdateClauseSyntax])
    case projection([PathSyntax])
}
