import ServiceKit

/// Puts the request's names and values into an update and checks what depends on them.
///
/// Faults come in AWS's order: undefined names, undefined values, overlapping paths, operands of ADD and DELETE,
/// functions and arithmetic.
struct UpdateBinder {
    private static let kind = ExpressionKind.update
    private var placeholders: Placeholders

    static func bind(
        _ clauses: [UpdateClauseSyntax], _ placeholders: inout Placeholders
    ) throws(ServiceError) -> Update {
        var binder = UpdateBinder(placeholders: placeholders)
        let update = try binder.bind(clauses)
        placeholders = binder.placeholders
        return update
    }

    private mutating func bind(_ clauses: [UpdateClauseSyntax]) throws(ServiceError) -> Update {
        try requireDefined(clauses)
        var paths: [DocumentPath] = []
        for clause in clauses { paths.append(try placeholders.path(clause.path, in: Self.kind)) }
        try PathConflict.check(paths, in: Self.kind)
        try checkSetOperands(clauses)
        var actions: [Update.Action] = []
        for (clause, path) in zip(clauses, paths) { actions.append(try bind(clause, at: path)) }
        return Update(actions: actions)
    }

    private mutating func requireDefined(_ clauses: [UpdateClauseSyntax]) throws(ServiceError) {
        var paths: [PathSyntax] = []
        var values: [String] = []
        for clause in clauses {
            paths.append(clause.path)
            for operand in clause.operands { operand.collect(&paths, &values) }
        }
        for path in paths { _ = try placeholders.path(path, in: Self.kind) }
        for value in values { _ = try placeholders.value(value, in: Self.kind) }
    }

    /// ADD takes numbers and sets, DELETE sets.
    private mutating func checkSetOperands(_ clauses: [UpdateClauseSyntax]) throws(ServiceError) {
        for clause in clauses {
            switch clause {
            case .add(_, let key): try checkSetOperand(key, of: "ADD")
            case .delete(_, let key): try checkSetOperand(key, of: "DELETE")
            case .set, .remove: break
            }
        }
    }

    private mutating func checkSetOperand(_ key: String, of operation: String) throws(ServiceError) {
        let value = try placeholders.value(key, in: Self.kind)
        guard let name = value.kind.longName, !(operation == "ADD" && value.kind == .number) else { return }
        throw Self.kind.fault(
            "Incorrect operand type for operator or function; operator: \(operation), operand type: \(name)")
    }

    // MARK: Actions

    private mutating func bind(
        _ clause: UpdateClauseSyntax, at path: DocumentPath
    ) throws(ServiceError) -> Update.Action {
        switch clause {
        case .remove: return .remove(path)
        case .add(_, let key): return .add(path, try placeholders.value(key, in: Self.kind))
        case .delete(_, let key): return .delete(path, try placeholders.value(key, in: Self.kind))
        case .set(_, .operand(let operand)): return .set(path, .operand(try bind(operand)))
        case .set(_, .plus(let left, let right)):
            let (left, right) = try bindNumbers(left, right, of: "+")
            return .set(path, .plus(left, right))
        case .set(_, .minus(let left, let right)):
            let (left, right) = try bindNumbers(left, right, of: "-")
            return .set(path, .minus(left, right))
        }
    }

    private mutating func bindNumbers(
        _ left: OperandSyntax, _ right: OperandSyntax, of operation: String
    ) throws(ServiceError) -> (Update.Operand, Update.Operand) {
        let operands = (try bind(left), try bind(right))
        try Self.checkType(operands.0, .number, of: operation)
        try Self.checkType(operands.1, .number, of: operation)
        return operands
    }

    private mutating func bind(_ operand: OperandSyntax) throws(ServiceError) -> Update.Operand {
        switch operand {
        case .path(let path): return .path(try placeholders.path(path, in: Self.kind))
        case .value(let key): return .value(try placeholders.value(key, in: Self.kind))
        case .call(let call): return try bind(call)
        }
    }

    private mutating func bind(_ call: CallSyntax) throws(ServiceError) -> Update.Operand {
        guard call.arguments.count == 2 else {
            throw Self.kind.fault(
                "Incorrect number of operands for operator or function; operator or function: \(call.function), "
                    + "number of operands: \(call.arguments.count)")
        }
        let first = try bind(call.arguments[0])
        let second = try bind(call.arguments[1])
        switch UpdateFunction(rawValue: call.function) {
        case .ifNotExists:
            guard case .path(let path) = first else {
                throw Self.kind.fault(
                    "Operator or function requires a document path; operator or function: \(call.function)")
            }
            return .ifNotExists(path, second)
        case .listAppend:
            try Self.checkType(first, .list, of: call.function)
            try Self.checkType(second, .list, of: call.function)
            return .listAppend(first, second)
        case nil: throw Self.kind.fault("Invalid function name; function: \(call.function)")
        }
    }

    private static func checkType(
        _ operand: Update.Operand, _ expected: AttributeValue.Kind, of operation: String
    ) throws(ServiceError) {
        guard let type = operand.literalKind, type != expected else { return }
        throw kind.fault(
            "Incorrect operand type for operator or function; operator or function: \(operation), "
                + "operand type: \(type.rawValue)")
    }
}

extension OperandSyntax {
    fileprivate func collect(_ paths: inout [PathSyntax], _ values: inout [String]) {
        switch self {
        case .path(let path): paths.append(path)
        case .value(let key): values.append(key)
        case .call(let call): for argument in call.arguments { argument.collect(&paths, &values) }
        }
    }
}

extension AttributeValue.Kind {
    /// The names messages about ADD and DELETE use; `nil` for the sets, which both take.
    fileprivate var longName: String? {
        switch self {
        case .string: "STRING"
        case .number: "NUMBER"
        case .binary: "BINARY"
        case .null: "NULL"
        case .bool: "BOOLEAN"
        case .list: "LIST"
        case .map: "MAP"
        case .stringSet, .numberSet, .binarySet: nil
        }
    }
}
