import Bytes
import ServiceKit

/// Puts the request's names and values into a condition and checks what depends on them.
///
/// Faults come in AWS's order: condition by condition from the left; inside one, undefined placeholders, numbers of
/// operands, equal operands, types.
struct ConditionBinder {
    let kind: ExpressionKind
    var placeholders: Placeholders

    static func bind(
        _ syntax: ConditionSyntax, kind: ExpressionKind, _ placeholders: inout Placeholders
    ) throws(ServiceError) -> Condition {
        var binder = ConditionBinder(kind: kind, placeholders: placeholders)
        let condition = try binder.bind(syntax)
        placeholders = binder.placeholders
        return condition
    }

    private mutating func bind(_ syntax: ConditionSyntax) throws(ServiceError) -> Condition {
        switch syntax {
        case .and(let left, let right): return .and(try bind(left), try bind(right))
        case .or(let left, let right): return .or(try bind(left), try bind(right))
        case .not(let inner): return .not(try bind(inner))
        case .comparison(let comparator, let left, let right): return try comparison(comparator, left, right)
        case .between(let tested, let lower, let upper): return try between(tested, lower, upper)
        case .membership(let tested, let list): return try membership(tested, list)
        case .call(let call): return try self.call(call)
        }
    }

    // MARK: Conditions

    private mutating func comparison(
        _ comparator: Comparator, _ left: OperandSyntax, _ right: OperandSyntax
    ) throws(ServiceError) -> Condition {
        let operands = try bindOperands([left, right])
        try checkDistinct(operands, comparator.rawValue)
        for operand in operands {
            try checkSize(operand)
            if comparator.needsOrder { try checkType(operand, of: comparator.rawValue) { $0.isScalarKey } }
        }
        return .comparison(comparator, operands[0], operands[1])
    }

    private mutating func between(
        _ tested: OperandSyntax, _ lower: OperandSyntax, _ upper: OperandSyntax
    ) throws(ServiceError) -> Condition {
        let operands = try bindOperands([tested, lower, upper])
        for operand in operands {
            try checkSize(operand)
            try checkType(operand, of: "BETWEEN") { $0.isScalarKey }
        }
        if let low = operands[1].literal, let high = operands[2].literal { try checkBounds(low, high) }
        return .between(operands[0], lower: operands[1], upper: operands[2])
    }

    private func checkBounds(_ low: AttributeValue, _ high: AttributeValue) throws(ServiceError) {
        let requirement: String
        switch low.compare(to: high) {
        case nil: requirement = "same data type for lower and upper bounds"
        case let order? where order > 0: requirement = "upper bound to be greater than or equal to lower bound"
        default: return
        }
        throw kind.fault(
            "The BETWEEN operator requires \(requirement); lower bound operand: AttributeValue: {\(low.shown)}, "
                + "upper bound operand: AttributeValue: {\(high.shown)}")
    }

    private mutating func membership(
        _ tested: OperandSyntax, _ list: [OperandSyntax]
    ) throws(ServiceError) -> Condition {
        let operands = try bindOperands([tested] + list)
        guard operands.count <= ExpressionLimits.membershipOperands else {
            throw kind.fault(
                "Incorrect number of operands for operator or function; operator or function: IN, "
                    + "number of operands: \(operands.count)")
        }
        for operand in operands { try checkSize(operand) }
        return .membership(operands[0], Array(operands.dropFirst()))
    }

    private mutating func call(_ call: CallSyntax) throws(ServiceError) -> Condition {
        let arguments = try bindOperands(call.arguments, of: call.function)
        try checkDistinct(arguments, call.function)
        for argument in arguments { try checkSize(argument) }
        switch ConditionFunction(rawValue: call.function) {
        case .attributeExists: return .exists(try documentPath(arguments[0], of: call.function))
        case .attributeNotExists: return .notExists(try documentPath(arguments[0], of: call.function))
        case .attributeType: return .hasType(arguments[0], try attributeType(arguments[1]))
        case .beginsWith:
            for argument in arguments { try checkType(argument, of: call.function) { $0 == .string || $0 == .binary } }
            return .beginsWith(arguments[0], arguments[1])
        case .contains: return .contains(arguments[0], arguments[1])
        case .size, nil: throw kind.fault("Invalid function name; function: \(call.function)")
        }
    }

    // MARK: Operands

    /// Resolves all, then counts: an undefined placeholder is reported before a wrong number of operands.
    private mutating func bindOperands(
        _ syntax: [OperandSyntax], of function: String? = nil
    ) throws(ServiceError) -> [Condition.Operand] {
        for operand in syntax { try requireDefined(operand) }
        if let function { try checkCount(syntax.count, of: function) }
        var operands: [Condition.Operand] = []
        for operand in syntax { operands.append(try bind(operand)) }
        return operands
    }

    private mutating func requireDefined(_ operand: OperandSyntax) throws(ServiceError) {
        switch operand {
        case .path(let path): _ = try placeholders.path(path, in: kind)
        case .value(let key): _ = try placeholders.value(key, in: kind)
        case .call(let call): for argument in call.arguments { try requireDefined(argument) }
        }
    }

    private mutating func bind(_ operand: OperandSyntax) throws(ServiceError) -> Condition.Operand {
        switch operand {
        case .path(let path): return .path(try placeholders.path(path, in: kind))
        case .value(let key): return .value(try placeholders.value(key, in: kind))
        case .call(let call):
            try checkCount(call.arguments.count, of: call.function)
            return .size(try bind(call.arguments[0]))
        }
    }

    // MARK: Checks

    private func checkCount(_ count: Int, of function: String) throws(ServiceError) {
        guard ConditionFunction(rawValue: function)?.operandCount == count else {
            throw kind.fault(
                "Incorrect number of operands for operator or function; operator or function: \(function), "
                    + "number of operands: \(count)")
        }
    }

    private func checkDistinct(_ operands: [Condition.Operand], _ operation: String) throws(ServiceError) {
        guard operands.count == 2, let first = operands[0].path, first == operands[1].path else { return }
        throw kind.fault(
            "The first operand must be distinct from the remaining operands for this operator or function; "
                + "operator: \(operation), first operand: \(first)")
    }

    private func checkType(
        _ operand: Condition.Operand, of operation: String, _ isAllowed: (AttributeValue.Kind) -> Bool
    ) throws(ServiceError) {
        guard let type = operand.kind, !isAllowed(type) else { return }
        throw typeFault(operation, type.rawValue)
    }

    private func checkSize(_ operand: Condition.Operand) throws(ServiceError) {
        guard case .size(let inner) = operand else { return }
        try checkSize(inner)
        try checkType(inner, of: ConditionFunction.size.rawValue) { $0 != .number && $0 != .bool && $0 != .null }
    }

    private func documentPath(
        _ operand: Condition.Operand, of function: String
    ) throws(ServiceError) -> DocumentPath {
        guard let path = operand.path else {
            throw kind.fault("Operator or function requires a document path; operator or function: \(function)")
        }
        return path
    }

    private func attributeType(_ operand: Condition.Operand) throws(ServiceError) -> AttributeValue.Kind {
        let function = ConditionFunction.attributeType.rawValue
        guard let literal = operand.literal else { throw typeFault(function, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}") }
        guard case .string(let name) = literal else { throw typeFault(function, literal.kind.rawValue) }
        guard let type = AttributeValue.Kind(rawValue: name.string) else {
            throw kind.fault(
                "Invalid attribute type name found; type: \(name), valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}")
        }
        return type
    }

    private func typeFault(_ operation: String, _ type: String) -> ServiceError {
        kind.fault(
            "Incorrect operand type for operator or function; operator or function: \(operation), "
                + "operand type: \(type)")
    }
}

extension AttributeValue {
    /// `S:text`, for messages; only the types that have an order occur there.
    var shown: String {
        switch self {
        case .string(let text): "S:\(text)"
        case .number(let number): "N:\(number.text)"
        case .binary(let bytes): "B:\(Base64.string(bytes))"
        default: kind.rawValue
        }
    }
}
