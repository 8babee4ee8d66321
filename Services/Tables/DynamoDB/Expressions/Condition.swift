/// A condition ready to be asked of items: names resolved, values in place, types checked.
indirect enum Condition: Sendable, Equatable {
    case comparison(Comparator, Operand, Operand)
    case between(Operand, lower: Operand, upper: Operand)
    case membership(Operand, [Operand])
    case exists(DocumentPath)
    case notExists(DocumentPath)
    case hasType(Operand, AttributeValue.Kind)
    case beginsWith(Operand, Operand)
    case contains(Operand, Operand)
    case and(Condition, Condition)
    case or(Condition, Condition)
    case not(Condition)

    indirect enum Operand: Sendable, Equatable {
        case path(DocumentPath)
        case value(AttributeValue)
        case size(Operand)

        var path: DocumentPath? {
            if case .path(let path) = self { path } else { nil }
        }

        var literal: AttributeValue? {
            if case .value(let value) = self { value } else { nil }
        }

        /// The type, where it does not depend on an item.
        var kind: AttributeValue.Kind? {
            switch self {
            case .path: nil
            case .value(let value): value.kind
            case .size: .number
            }
        }
    }
}

extension Condition.Operand {
    func value(in item: AttributeMap) -> AttributeValue? {
        switch self {
        case .path(let path): path.value(in: item)
        case .value(let value): value
        case .size(let operand): operand.value(in: item)?.elementCount.map { .number(DynamoDBNumber($0)) }
        }
    }
}

extension Condition {
    /// A missing attribute, or a type that does not fit, makes a comparison false, and only `<>` true.
    func isTrue(for item: AttributeMap) -> Bool {
        switch self {
        case .comparison(let comparator, let left, let right):
            return comparator.holds(between: left.value(in: item), and: right.value(in: item))
        case .between(let tested, let lower, let upper):
            let value = tested.value(in: item)
            return Comparator.greaterOrEqual.holds(between: value, and: lower.value(in: item))
                && Comparator.lessOrEqual.holds(between: value, and: upper.value(in: item))
        case .membership(let tested, let list):
            guard let value = tested.value(in: item) else { return false }
            return list.contains { $0.value(in: item) == value }
        case .exists(let path): return path.value(in: item) != nil
        case .notExists(let path): return path.value(in: item) == nil
        case .hasType(let operand, let kind): return operand.value(in: item)?.kind == kind
        case .beginsWith(let whole, let prefix):
            guard let whole = whole.value(in: item), let prefix = prefix.value(in: item) else { return false }
            return whole.begins(with: prefix)
        case .contains(let whole, let part):
            guard let whole = whole.value(in: item), let part = part.value(in: item) else { return false }
            return whole.contains(part)
        case .and(let left, let right): return left.isTrue(for: item) && right.isTrue(for: item)
        case .or(let left, let right): return left.isTrue(for: item) || right.isTrue(for: item)
        case .not(let condition): return !condition.isTrue(for: item)
        }
    }

    /// The attributes of items it looks at.
    var attributeNames: Set<Text> {
        var names: Set<Text> = []
        collectPaths { names.insert($0.root) }
        return names
    }

    func collectPaths(_ body: (DocumentPath) -> Void) {
        switch self {
        case .comparison(_, let left, let right), .beginsWith(let left, let right), .contains(let left, let right):
            left.collectPaths(body)
            right.collectPaths(body)
        case .between(let tested, let lower, let upper):
            for operand in [tested, lower, upper] { operand.collectPaths(body) }
        case .membership(let tested, let list):
            for operand in [tested] + list { operand.collectPaths(body) }
        case .exists(let path), .notExists(let path): body(path)
        case .hasType(let operand, _): operand.collectPaths(body)
        case .and(let left, let right), .or(let left, let right):
            left.collectPaths(body)
            right.collectPaths(body)
        case .not(let condition): condition.collectPaths(body)
        }
    }
}

extension Condition.Operand {
    func collectPaths(_ body: (DocumentPath) -> Void) {
        switch self {
        case .path(let path): body(path)
        case .value: break
        case .size(let operand): operand.collectPaths(body)
        }
    }
}

extension Comparator {
    func holds(between left: AttributeValue?, and right: AttributeValue?) -> Bool {
        guard let left, let right else { return self == .notEqual }
        switch self {
        case .equal: return left == right
        case .notEqual: return left != right
        case .less: return left.compare(to: right).map { $0 < 0 } ?? false
        case .lessOrEqual: return left.compare(to: right).map { $0 <= 0 } ?? false
        case .greater: return left.compare(to: right).map { $0 > 0 } ?? false
        case .greaterOrEqual: return left.compare(to: right).map { $0 >= 0 } ?? false
        }
    }
}
