import ServiceKit

/// What an expression's text alone can break once its grammar is right, in the order AWS reports it.

extension PathSyntax {
    /// - Throws: for a reserved word used as a name.
    func checkReserved(in kind: ExpressionKind) throws(ServiceError) {
        for case .name(let name) in steps where ReservedWords.contains(name) {
            throw kind.fault("Attribute name is a reserved keyword; reserved keyword: \(name)")
        }
    }
}

extension OperandSyntax {
    /// All paths, from left to right.
    func forEachPath(_ body: (PathSyntax) throws(ServiceError) -> Void) throws(ServiceError) {
        switch self {
        case .path(let path): try body(path)
        case .value: break
        case .call(let call): for argument in call.arguments { try argument.forEachPath(body) }
        }
    }

    /// All calls, outer ones first.
    func forEachCall(_ body: (CallSyntax) throws(ServiceError) -> Void) throws(ServiceError) {
        guard case .call(let call) = self else { return }
        try body(call)
        for argument in call.arguments { try argument.forEachCall(body) }
    }
}

enum ConditionFunction: String {
    case attributeExists = "attribute_exists"
    case attributeNotExists = "attribute_not_exists"
    case attributeType = "attribute_type"
    case beginsWith = "begins_with"
    case contains
    case size

    var operandCount: Int {
        switch self {
        case .attributeExists, .attributeNotExists, .size: 1
        case .attributeType, .beginsWith, .contains: 2
        }
    }
}

/// Functions and names of conditions.
struct ConditionSyntaxChecks {
    let kind: ExpressionKind

    func check(_ condition: ConditionSyntax) throws(ServiceError) {
        try forEachCall(in: condition) { (call, _) throws(ServiceError) in
            if ConditionFunction(rawValue: call.function) != nil { return }
            // AWS knows an update's functions here, only to refuse them.
            guard UpdateFunction(rawValue: call.function) == nil else { throw kind.misusedFunction(call.function) }
            throw kind.fault("Invalid function name; function: \(call.function)")
        }
        try forEachCall(in: condition) { (call, isCondition) throws(ServiceError) in
            // `size` gives a number, the others a condition; neither can take the other's place.
            guard (call.function == ConditionFunction.size.rawValue) != isCondition else {
                throw kind.misusedFunction(call.function)
            }
        }
        try forEachOperand(in: condition) { (operand) throws(ServiceError) in
            try operand.forEachPath { (path) throws(ServiceError) in try path.checkReserved(in: kind) }
        }
    }

    private func forEachCall(
        in condition: ConditionSyntax, _ body: (CallSyntax, _ isCondition: Bool) throws(ServiceError) -> Void
    ) throws(ServiceError) {
        switch condition {
        case .and(let left, let right), .or(let left, let right):
            try forEachCall(in: left, body)
            try forEachCall(in: right, body)
        case .not(let inner): try forEachCall(in: inner, body)
        case .call(let call):
            try body(call, true)
            for argument in call.arguments {
                try argument.forEachCall { (call) throws(ServiceError) in try body(call, false) }
            }
        case .comparison, .between, .membership:
            try forEachOperand(in: condition) { (operand) throws(ServiceError) in
                try operand.forEachCall { (call) throws(ServiceError) in try body(call, false) }
            }
        }
    }

    private func forEachOperand(
        in condition: ConditionSyntax, _ body: (OperandSyntax) throws(ServiceError) -> Void
    ) throws(ServiceError) {
        switch condition {
        case .and(let left, let right), .or(let left, let right):
            try forEachOperand(in: left, body)
            try forEachOperand(in: right, body)
        case .not(let inner): try forEachOperand(in: inner, body)
        case .comparison(_, let left, let right):
            try body(left)
            try body(right)
        case .between(let tested, let lower, let upper):
            try body(tested)
            try body(lower)
            try body(upper)
        case .membership(let tested, let list):
            try body(tested)
            for operand in list { try body(operand) }
        case .call(let call): for argument in call.arguments { try body(argument) }
        }
    }
}

enum UpdateFunction: String {
    case ifNotExists = "if_not_exists"
    case listAppend = "list_append"
}

/// Functions and names of updates.
enum UpdateSyntaxChecks {
    private static let kind = ExpressionKind.update

    static func checkNamesAndFunctions(of clauses: [UpdateClauseSyntax]) throws(ServiceError) {
        for clause in clauses {
            try clause.path.checkReserved(in: kind)
            for operand in clause.operands {
                try operand.forEachPath { (path) throws(ServiceError) in try path.checkReserved(in: kind) }
            }
        }
        for operand in clauses.flatMap(\.operands) {
            try operand.forEachCall { (call) throws(ServiceError) in
                if UpdateFunction(rawValue: call.function) != nil { return }
                guard ConditionFunction(rawValue: call.function) == nil else {
                    throw kind.misusedFunction(call.function)
                }
                throw kind.fault("Invalid function name; function: \(call.function)")
            }
        }
        for operand in clauses.flatMap(\.operands) { try checkNesting(operand) }
    }

    /// As an operand of a function AWS takes `if_not_exists` only.
    private static func checkNesting(_ operand: OperandSyntax) throws(ServiceError) {
        guard case .call(let call) = operand else { return }
        for argument in call.arguments {
            try argument.forEachCall { (inner) throws(ServiceError) in
                guard inner.function == UpdateFunction.ifNotExists.rawValue else {
                    throw kind.misusedFunction(inner.function)
                }
            }
        }
    }
}

extension UpdateClauseSyntax {
    var path: PathSyntax {
        switch self {
        case .set(let path, _), .remove(let path), .add(let path, _), .delete(let path, _): path
        }
    }

    var operands: [OperandSyntax] {
        switch self {
        case .set(_, .operand(let operand)): [operand]
        case .set(_, .plus(let left, let right)), .set(_, .minus(let left, let right)): [left, right]
        case .remove: []
        case .add(_, let value), .delete(_, let value): [.value(value)]
        }
    }
}
